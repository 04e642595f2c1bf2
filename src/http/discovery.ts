// How machines find the API: the catalogue of what is offered here (RFC 9727), what stands at the base address, and headers
// that lead to both from wherever somebody comes in (RFC 8631).
import type { FastifyInstance } from 'fastify'
import { version } from './openapi.js'
import { origin } from './pages.js'

const catalogue = '/.well-known/api-catalog'
const profile = 'https://www.rfc-editor.org/info/rfc9727'

type Links = Record<string, Array<{ href: string, type: string }>>

const html = 'text/html'
const status = [{ href: '/health/ready', type: 'application/json' }]

const apis: Array<{ anchor: string, links: Links }> = [
  {
    anchor: '/v1',
    links: {
      'service-desc': [{ href: '/openapi.json', type: 'application/json' }, { href: '/openapi.yaml', type: 'application/yaml' }],
      'service-doc': [{ href: '/docs', type: html }, { href: '/docs/reference', type: html }],
      status
    }
  },
  {
    anchor: '/odata/v1/',
    links: {
      'service-desc': [{ href: '/odata/v1/$metadata', type: 'application/xml' }],
      'service-doc': [{ href: '/docs/odata', type: html }],
      status
    }
  }
]

/** Where somebody comes in who knows nothing but the host. */
const entries = new Set(['/', '/v1', '/v1/', '/odata/v1', '/odata/v1/', '/docs', '/docs/reference', '/openapi.json', '/openapi.yaml', catalogue])

const link = [
  `<${catalogue}>; rel="api-catalog"; type="application/linkset+json"`,
  '</openapi.json>; rel="service-desc"; type="application/json"',
  '</docs>; rel="service-doc"; type="text/html"'
].join(', ')

export function discovery (app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (entries.has(request.url.split('?', 1)[0]!)) reply.header('link', link)
    done()
  })
  const options = { config: { role: 'public' as const }, schema: { hide: true } }
  app.get(catalogue, options, async (request, reply) => {
    const at = (path: string) => origin(request) + path
    const linkset = [
      { anchor: at(catalogue), item: apis.map(({ anchor }) => ({ href: at(anchor) })) },
      ...apis.map(({ anchor, links }) => ({ anchor: at(anchor), ...absolute(links, at) }))
    ]
    return reply.header('content-type', `application/linkset+json; profile="${profile}"`).send(Buffer.from(JSON.stringify({ linkset }, null, 2)))
  })
  for (const base of ['/v1', '/v1/']) {
    app.get(base, options, async request => {
      const at = (path: string) => origin(request) + path
      return {
        title: 'Outturn',
        version,
        openapi: at('/openapi.json'),
        odata: at('/odata/v1/'),
        guides: at('/docs'),
        reference: at('/docs/reference'),
        api_catalog: at(catalogue)
      }
    })
  }
}

const absolute = (links: Links, at: (path: string) => string): Links =>
  Object.fromEntries(Object.entries(links).map(([relation, targets]) => [relation, targets.map(({ href, type }) => ({ href: at(href), type }))]))
