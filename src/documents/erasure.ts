// A text that must not be held any longer is taken out of everything that keeps a state of it: named by the path of what it
// stands in. The database does it, and journals that it did; here is said where things are and which of their members are texts.
import { sql } from 'kysely'
import { owners, pathOf } from '../db/kind.js'
import type { WriteCtx } from '../db/write.js'
import { problem } from '../problems.js'
import { areas } from '../resources/areas/kind.js'
import { clients } from '../resources/clients/kind.js'
import { breakdownText } from '../resources/datapoints/breakdown.js'
import { addressOf, pathOf as figurePath } from '../resources/datapoints/figure.js'
import { measures } from '../resources/measures/kind.js'
import { organisations } from '../resources/organisations/kind.js'
import { plans } from '../resources/plans/kind.js'
import { sections } from '../resources/sections.js'

/** Members of items that hold free text, however deep; markers and data hold texts as a whole. */
export const itemTexts = ['title', 'text', 'note', 'rationale', 'heading', 'label', 'definition', 'source', 'national_reference', 'edition', 'status_printed',
  'printed', 'set_by', 'document', 'item', 'ref', 'ref_printed', 'external_target', 'markers', 'data', 'against_printed', 'value', 'characteristic',
  'positive', 'adverse', 'unmet', 'evidence', 'url', 'alias', 'scheme', 'why']
export const figureTexts = ['period_label', 'printed', 'note', 'source']
const receiptTexts = ['note', 'detail', 'value', 'suggestion']

interface Found {
  resource: string
  texts: string[]
  /** As the function erase of the database takes it. */
  place: { table: string, key: Record<string, string>, plan?: string, measure?: string } & Partial<InBundle>
}

/** Its section, what tells it there, and a code without which a bundle cannot hold it. */
interface InBundle { section: string, item: Record<string, unknown>, within: string }

export interface Erased { resource: string, counts: Record<string, number> }

export async function erase (ctx: WriteCtx, path: string, why: string, members?: string[]): Promise<Erased> {
  const { resource, place, texts } = await findPlace(ctx, path)
  const strangers = members?.filter(member => !texts.includes(member)) ?? []
  if (strangers.length > 0) throw problem('unprocessable', `${strangers.join(', ')}: no text here is called so. Members with texts: ${texts.join(', ')}.`)
  const { actor: { organisation, client, key }, request_id: request } = ctx
  const { rows: [done] } = await sql<{ counts: Record<string, number> | null }>`
    select erase(${resource}, ${JSON.stringify(place)}, ${members ?? texts}, ${why}, ${organisation}, ${client}, ${key}, ${request}) as counts`.execute(ctx.db)
  if (done!.counts === null) throw problem('not_found', `No text of ${resource} is held: there is no such thing, or nothing is left to erase.`)
  return { resource, counts: done!.counts }
}

async function findPlace (ctx: WriteCtx, path: string): Promise<Found> {
  const [route = '', query = ''] = path.split('?') as [string, string?]
  const [root, v1, ...parts] = route.split('/').map(part => part.replaceAll('%2F', '/'))
  const found = root === '' && v1 === 'v1' ? itemPlace(parts) ?? otherPlace(parts) ?? await figurePlace(ctx, parts, query) : null
  if (found !== null) return found
  throw problem('not_found', `'${path}' is no path of something with texts: an item such as /v1/plans/PLAN/updates/UPDATE, a figure, a delivery, a publication, or /v1/changes/ID for the reason of a change.`)
}

/** Registers, and what belongs to a plan or measure. */
function itemPlace (parts: string[]): Found | null {
  const [segment, code = ''] = parts.slice(-2)
  const kind = parts.length === 2
    ? [organisations, areas, measures, plans, clients].find(one => one.segment === segment)
    : parts.length === 4 ? sections.find(one => one.segment === segment && owners[one.owner!] === parts[0]) : undefined
  if (kind === undefined) return null
  const scope = kind.owner === null ? null : parts[1]!
  const owner = scope === null ? {} : { [kind.owner!]: scope }
  const item = { ...(kind.owner === 'measure' && owner), code }
  const place = { table: kind.table, key: { ...owner, code }, ...owner, ...(kind === plans && { plan: code }) }
  const inBundle = kind === clients ? {} : { section: kind === plans ? 'plan' : kind.table, item, within: code }
  return { resource: pathOf(kind, scope, code), texts: itemTexts, place: { ...place, ...inBundle } }
}

function otherPlace (parts: string[]): Found | null {
  const resource = `/v1/${parts.join('/')}`
  const [first, second = '', third, fourth = ''] = parts
  if (parts.length === 2 && first === 'datapoint-imports') return { resource, texts: receiptTexts, place: { table: 'imports', key: { id: second } } }
  if (parts.length === 2 && first === 'changes' && /^\d{1,15}$/.test(second)) return { resource, texts: ['reason'], place: { table: 'changes', key: { id: second } } }
  if (parts.length !== 4 || first !== 'plans' || third !== 'publications') return null
  return { resource, texts: ['note'], place: { table: 'publications', key: { plan: second, label: fourth }, plan: second } }
}

async function figurePlace (ctx: WriteCtx, parts: string[], query: string): Promise<Found | null> {
  const [first, measure, third, area, period] = parts
  if (parts.length !== 5 || first !== 'measures' || third !== 'datapoints') return null
  const address = await addressOf(ctx, { measure: measure!, area: area!, period: period! }, Object.fromEntries(new URLSearchParams(query)))
  const item = { ...address, against: address.against ?? '', base_period: address.base_period ?? '' }
  const place = { table: 'figures', key: { ...item, breakdown: breakdownText(address.breakdown) }, measure: address.measure }
  return { resource: figurePath(address), texts: figureTexts, place: { ...place, section: 'datapoints', item, within: address.measure } }
}
