// What Spectral holds openapi.json to: every rule for OpenAPI and every rule of the OWASP API top ten (2023), also those that are
// off by default. A rule that is wrong for this API is named here with the reason; nothing is ignored place by place.
import { oas } from '@stoplight/spectral-rulesets'
import owasp from '@stoplight/spectral-owasp-ruleset'

const requests = ['$.paths[*][*].requestBody', '$.paths[*][*].parameters[*]']

/** Limits guard who takes in what others send. Answers the service makes itself, and a text or a list in them has none that would stay true. */
const ofRequests = (name, type) => ({
  ...owasp.rules[name],
  given: requests.map(place => `${place}..[?(@ && @.type && (@.type=="${type}" || @.type.constructor.name === "Array" && @.type.includes("${type}")))]`)
})

export default {
  extends: [[oas, 'all'], [owasp, 'all']],
  rules: {
    'owasp:api4:2023-string-limit': ofRequests('owasp:api4:2023-string-limit', 'string'),
    'owasp:api4:2023-array-limit': ofRequests('owasp:api4:2023-array-limit', 'array'),

    // The operator of an installation is not known here, so that there is no address to write to; /.well-known/security.txt has it.
    'contact-properties': 'off',
    // The licence is named by its SPDX identifier, and OpenAPI 3.1 allows only one of the two.
    'license-url': 'off',
    // Tags stand in the order in which one reads about them: registers, plans and what they consist of, figures, access.
    'openapi-tags-alphabetical': 'off',
    // Excel, Power BI, Tableau and Qlik can send a key in no other way; only keys that do no more than read are taken so.
    'owasp:api2:2023-no-http-basic': 'off',
    // Titles and reports are free text, ETags and cursors opaque; a code of another form names nothing, which is 404 and not 400.
    'owasp:api4:2023-string-restricted': 'off',
    // Limits are told by 429 with Retry-After, which every operation documents; the service sends no RateLimit headers.
    'owasp:api4:2023-rate-limit': 'off',
    // The service sends no CORS headers: keys belong to programs, not into pages of other origins.
    'owasp:api8:2023-define-cors-origin': 'off',
    // The one server is the one that serves the document, whatever it is used for.
    'owasp:api9:2023-inventory-environment': 'off'
  }
}
