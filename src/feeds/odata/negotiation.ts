// Which form of JSON an answer has. Tools name several with their preferences; the one that they like best of what is offered is
// taken: metadata minimal or none, and decimals as numbers or (IEEE754Compatible=true) as texts.
import { problem } from '../../problems.js'

export interface Form { metadata: 'minimal' | 'none', exact: boolean }

const mediaType = /^(?:application\/json|application\/\*|\*\/\*)$/

/** Says nothing that this service would do in another way. */
const harmless = /^(?:charset=utf-?8|odata\.streaming=(?:true|false)|exponentialdecimals=(?:true|false)|odata=\w+)$/

interface Choice { form: Form, quality: number }

function choiceOf (entry: string): Choice | undefined {
  const [type = '', ...parameters] = entry.split(';').map(part => part.trim().toLowerCase().replaceAll('"', ''))
  if (!mediaType.test(type)) return undefined
  const form: Form = { metadata: 'minimal', exact: false }
  let quality = 1
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=')
    if (name === 'q') quality = Number(value)
    else if (parameter === 'odata.metadata=none' || parameter === 'odata.metadata=minimal') form.metadata = value as Form['metadata']
    else if (name === 'ieee754compatible' && (value === 'true' || value === 'false')) form.exact = value === 'true'
    else if (!harmless.test(parameter)) return undefined
  }
  return quality > 0 ? { form, quality } : undefined
}

const offered = 'application/json with odata.metadata=minimal or none'

/** What $format names goes before Accept. */
export function formOf (accept: string | undefined, format: string | undefined): Form {
  if (format !== undefined) return formatOf(format)
  if (accept === undefined) return { metadata: 'minimal', exact: false }
  const choices = accept.split(',').flatMap(entry => choiceOf(entry) ?? [])
  if (choices.length === 0) throw problem('not_acceptable', `The feed answers in ${offered}; the request accepts only ${accept}.`)
  return choices.reduce((best, one) => one.quality > best.quality ? one : best).form
}

function formatOf (format: string): Form {
  const choice = choiceOf(format === 'json' ? 'application/json' : format)
  if (choice === undefined || format.includes(',')) throw problem('not_acceptable', `The feed answers in ${offered}; $format=json, or such a type.`)
  return choice.form
}

/** The media type of an answer, exactly. */
export const typeOf = ({ metadata, exact }: Form): string => `application/json;odata.metadata=${metadata}${exact ? ';IEEE754Compatible=true' : ''}`

/** A client that knows only an older protocol would misread the answers. */
export function requireVersion (headers: Record<string, unknown>): void {
  const said = headers['odata-maxversion'] ?? headers['odata-version']
  if (said === undefined || /^\s*(?:4\.\d+|[5-9]\.\d+)\s*(?:;.*)?$/.test(String(said))) return
  const detail = `The feed speaks OData 4.0, and the client no more than '${String(said).slice(0, 20)}'.`
  throw problem('invalid_input', detail, { errors: [{ pointer: 'OData-MaxVersion', code: 'wrong_form', detail }] })
}
