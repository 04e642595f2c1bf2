// One request after another, made of the operations of the document, of what is held, and of what is strange.
import { namesIn, type Operation } from '../contract/operations.js'
import type { Dice } from '../support/random.js'
import type { Actor } from './actors.js'
import { guarded, isNear } from './guard.js'
import { Held, parentOf } from './held.js'
import { accounted, referred } from './operations.js'
import type { strangeOf } from './strange.js'
import type { Mood, Values } from './values.js'
import type { Sent } from './wire.js'

export interface Asked extends Sent {
  operation: Operation
  actor: Actor
  /** Address without its query. */
  path: string
  /** Nothing about it is strange. */
  plain: boolean
}

interface Sources { dice: Dice, held: Held, values: Values, strange: ReturnType<typeof strangeOf> }

const periods = ['FY2015', 'FY2016', 'CY2016', '2016-17', 'FY2017-Q1', 'AY2016']

export function requestsOf (operations: Operation[], { often, anonymous }: { often: Actor[], anonymous: Actor }, sources: Sources) {
  const { dice, held, values, strange } = sources

  /** A few codes, so that requests meet. */
  const few = (name: string) => name === 'period' ? dice.pick(periods) : `${name[0]!}${dice.roll(name === 'label' ? 4 : 7)}`

  function codeFor (name: string, template: string): string {
    const place = name === 'id' ? undefined : referred(name, template)
    if (name === 'id' && template.includes('/keys/')) return held.keys.length > 0 ? dice.pick(held.keys).id : 'no-key'
    if (name === 'id') return held.deliveries.length > 0 ? dice.pick(held.deliveries).id : 'no-delivery'
    const known = place === undefined || dice.once(4) ? undefined : held.pick(dice, place)
    return known?.path.split('/').at(-1) ?? few(name)
  }

  /** An address: of what is there, of what was there, of what could be there, of what is at another parent, or of nothing at all. */
  function address ({ id, path: template, method }: Operation): { path: string, plain: boolean } {
    if (id === 'putBundle' && held.bundles.size > 0 && !dice.once(4)) return { path: dice.pick([...held.bundles.keys()]), plain: true }
    if (accounted.has(template)) {
      if (dice.once(14) && held.gone.length > 0) {
        const past = dice.pick(held.gone)
        if (past.template === template) return { path: past.path, plain: true }
      }
      const known = dice.roll(method === 'PUT' ? 3 : 8) > 0 ? held.pick(dice, template) : undefined
      if (known !== undefined && dice.once(14)) return { path: `${parentOf(held.pick(dice, template)!.path)}/${known.path.split('/').slice(-2).join('/')}`, plain: true }
      if (known !== undefined) return { path: known.path, plain: true }
    }
    if (template.includes('/datapoints/{area}') && held.figures.length > 0 && dice.once(2)) return { path: dice.pick(held.figures), plain: true }
    const parent = template.split('/').slice(0, template.endsWith('}') ? -2 : -1).join('/')
    const home = accounted.has(parent) && !dice.once(10) ? held.pick(dice, parent) : undefined
    const names = namesIn(template)
    const odd = dice.once(25) && names.length > 0 ? dice.pick(names) : undefined
    const rest = home === undefined ? template : `${home.path}${template.slice(parent.length)}`
    return { path: rest.replace(/\{([a-z_]+)\}/g, (_, name: string) => name === odd ? strange.segment() : home !== undefined && accounted.has(template) ? few(name) : codeFor(name, template)), plain: odd === undefined }
  }

  /** Codes for the members of a body, of the plan at the address where they are a plan's. */
  const referring = (template: string, path: string) => (name: string) => {
    const place = referred(name, template)
    if (place === undefined) return undefined
    const within = place.startsWith('/v1/plans/{plan}/') && path.startsWith('/v1/plans/') ? path.split('/').slice(0, 4).join('/') : undefined
    return held.pick(dice, place, within)?.path.split('/').at(-1)
  }

  function query (operation: Operation, path: string, wanted: number): { text: string, plain: boolean } {
    const known = operation.parameters.filter(({ in: at }) => at === 'query')
    if (known.length === 0 && !dice.once(40)) return { text: '', plain: true }
    const chosen = known.filter(({ required }) => required === true || dice.roll(known.length) < wanted)
    let plain = true
    const parts = chosen.map(({ name, schema }) => {
      if (dice.once(8)) {
        plain = false
        return `${name}=${strange.queried()}`
      }
      if (['cursor', 'after', 'changed_since'].includes(name) && held.cursors.length > 0) return `${name}=${encodeURIComponent(dice.pick(held.cursors))}`
      // Workbooks take their time, and have a fuzzer of their own.
      const made = name === 'format' && !dice.once(6) ? dice.pick(schema.enum!.filter(one => one !== 'xlsx')) : values.value(schema, name, dice.once(4) ? 'edge' : 'usual', referring(operation.path, path))
      return `${name}=${encodeURIComponent(String(made).replace(/[\ud800-\udfff]/g, ''))}`
    })
    if (dice.once(60)) return { text: `?${[...parts, dice.pick(['nonsense=1', '=', '&&', 'limit=1&limit=2', 'limit[]=1', '__proto__=1', '%00=1', `x=${'y'.repeat(5000)}`])].join('&')}`, plain: false }
    return { text: parts.length === 0 ? '' : `?${parts.join('&')}`, plain }
  }

  function headers (operation: Operation, path: string): Record<string, string> {
    const made: Record<string, string> = {}
    const thing = held.at(path) ?? held.bundles.get(path)
    const takes = (name: string) => operation.parameters.some(one => one.in === 'header' && one.name === name)
    if (takes('if-match') && thing !== undefined && !dice.once(9)) made['if-match'] = dice.once(12) ? '"1"' : dice.once(8) ? '*' : thing.etag
    if (takes('if-none-match') && dice.once(8)) made['if-none-match'] = dice.once(2) ? '*' : (thing?.etag || '"1"')
    if (takes('idempotency-key') && dice.once(3)) made['idempotency-key'] = `the-key-of-a-client-${dice.roll(30)}`
    return made
  }

  /** Figures as lines of text, a cell in ten of them strange. */
  function lines (rows: Array<Record<string, unknown>>, media: string): string {
    if (media.includes('ndjson')) return rows.map(row => JSON.stringify(row)).join(dice.pick(['\n', '\r\n', '\n\n']))
    const names = ['measure', 'area', 'period', 'value', ...(dice.once(3) ? [dice.pick(['note', 'missing', 'breakdown', 'nonsense', 'status', 'deleted', ''])] : [])]
    const cell = (one: unknown) => `"${String(dice.once(10) ? strange.text() : one ?? dice.pick(['', 'TBC', 'c', '[x]', '12', '12%', '-'])).replaceAll('"', '""')}"`
    return [names.join(','), ...rows.map(row => names.map(name => cell(row[name])).join(','))].join('\n')
  }

  function body (operation: Operation, path: string, actor: Actor): { text?: string | Buffer, type?: string, plain: boolean } {
    const wanted = operation.body
    if (wanted === null) return dice.once(60) ? { text: strange.value(), type: 'application/json', plain: false } : { plain: true }
    const bundle = held.bundles.get(path)
    if (operation.id === 'putBundle' && (isNear(path) || (bundle !== undefined && !dice.once(5)))) return { text: JSON.stringify(again(path, bundle?.body ?? {})), type: 'application/json', plain: true }
    const mood: Mood = dice.once(5) ? 'edge' : 'usual'
    const made = guarded(path, values.body(wanted.schema, mood, referring(operation.path, path)), actor)
    const media = operation.id === 'importDatapoints' && dice.once(4) ? dice.pick(wanted.media) : wanted.media[0]!
    if (!media.endsWith('json') || media.includes('ndjson')) {
      const rows = (made.datapoints as Array<Record<string, unknown>>).filter(({ measure }) => !isNear(String(measure)))
      return { text: media.includes('sheet') ? `PK\u0003\u0004${strange.text()}` : lines(rows, media), type: media, plain: false }
    }
    const text = JSON.stringify(made)
    if (!dice.once(6) || isNear(path) || isNear(text)) return { text, type: media, plain: mood === 'usual' }
    return { text: dice.once(2) ? strange.damaged(text) : spoilt(made), type: media, plain: false }
  }

  /** A bundle as it was read, at times with something else in it. */
  function again (path: string, bundle: Record<string, unknown>): Record<string, unknown> {
    const sections = Object.keys(bundle).filter(name => Array.isArray(bundle[name]))
    if (isNear(path) || sections.length === 0 || dice.once(2)) return bundle
    const name = dice.pick(sections)
    const items = bundle[name] as unknown[]
    return { ...bundle, [name]: dice.once(2) ? items.slice(dice.roll(items.length + 1)) : [...items, ...items.slice(0, 1)] }
  }

  /** One member of the body says something that it must not, or one is there that must not be, or one is not that must. */
  function spoilt (body: Record<string, unknown>): string {
    const names = Object.keys(body)
    const name = dice.once(5) || names.length === 0 ? dice.pick(['nonsense', '', '__proto__', 'code', 'version', 'created_at', 'a/b~c', 'visibility', 'role', 'x'.repeat(500)]) : dice.pick(names)
    if (dice.once(6)) return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([key]) => key !== name)))
    const within = body[name]
    const inner = typeof within === 'object' && within !== null && dice.once(2) ? spoilt(Array.isArray(within) ? { ...within[0] as object } : within as Record<string, unknown>) : strange.value()
    const rest = JSON.stringify(body).slice(1, -1)
    return `{${rest}${rest === '' ? '' : ','}${JSON.stringify(name)}:${Array.isArray(within) && dice.once(2) ? `[${inner}]` : inner}}`
  }

  return (): Asked => {
    const operation = dice.pick(operations)
    const at = address(operation)
    const asked = query(operation, at.path, dice.pick([0, 0, 1, 1, 2, 4]))
    const sender = dice.once(2) ? held.deliveries.find(({ id }) => at.path.includes(id))?.by : undefined
    const actor = sender ?? ((operation.method !== 'GET' || operation.id === 'getBundle') && dice.once(2) ? often.find(({ role }) => role === 'admin')! : dice.pick(often))
    const sent = body(operation, at.path, actor)
    const odd = dice.once(20) ? strange.headers() : {}
    // With the key of somebody else in a header of its own, the actor is nobody.
    const known = odd.authorization === undefined ? actor : anonymous
    return {
      operation,
      actor: known,
      path: at.path,
      method: operation.method,
      url: `${at.path}${asked.text}`,
      headers: { ...known.headers, ...headers(operation, at.path), ...(sent.type !== undefined && { 'content-type': sent.type }), ...odd },
      body: sent.text,
      plain: at.plain && asked.plain && sent.plain && Object.keys(odd).length === 0
    }
  }
}
