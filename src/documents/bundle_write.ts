// A bundle put: in one transaction what the plan owns becomes what the bundle says, registers and figures are added or
// corrected, and any fault undoes it all.
import { sql } from 'kysely'
import type { Kind } from '../db/kind.js'
import { putSet, setFaults, settleSet, type SetCounts, type SetResult } from '../db/record_sets.js'
import { claim, type Precondition } from '../db/records.js'
import { useColumn, type Target } from '../db/kind.js'
import type { WriteCtx } from '../db/write.js'
import { problem, type Fault } from '../problems.js'
import { deliver, type Delivery } from '../resources/datapoints/deliver.js'
import type { CheckRow } from '../resources/datapoints/form.js'
import { listed } from '../resources/datapoints/source.js'
import { plans } from '../resources/plans/kind.js'
import { sections } from '../resources/sections.js'
import { seen } from '../db/references.js'
import { digest, readBundle } from './bundle_read.js'
import { registers, type BundleBody } from './bundle_schema.js'

export interface BundleOutcome {
  created: boolean
  receipt: { result: 'applied' | 'validated' | 'unchanged', dry_run: boolean, sections: Record<string, SetCounts>, problems: never[], warnings: Delivery['warnings'] }
}

/** `when` is null where the operator says so at the command line: whatever is stored is replaced. */
export interface BundleOptions { dry_run: boolean, when: Precondition | null, check: CheckRow, progress?: (section: string) => void }

export async function putBundle (ctx: WriteCtx, bundle: BundleBody, options: BundleOptions): Promise<BundleOutcome> {
  const { code } = bundle.plan
  if (bundle.partial) throw problem('unprocessable', 'The bundle is partial: it was read by someone who may not see all of the plan, and putting it back would delete the rest.')
  const { before } = await claim(ctx, plans, null, code, bundle.plan)
  const etag = before !== undefined && options.when?.match !== undefined ? digest(await readBundle(ctx, code)) : undefined
  const parts = partsOf(bundle)
  const faults = [...foreignTargets(bundle), ...parts.flatMap(({ kind, name, items }) => setFaults(kind, name, items).map(fault => kind === plans ? { ...fault, pointer: fault.pointer.replace('/plan/0', '/plan') } : fault))]
  refuse(faults)
  await sql`savepoint bundle`.execute(ctx.db)
  const results = await apply(ctx, code, parts, options)
  const figures = await deliverFigures(ctx, bundle.datapoints ?? [], options.check)
  const counts = countsOf(results, bundle, figures)
  const newFigures = changesIn(figures.counts)
  const changes = newFigures || [...results.values()].some(({ counts }) => changesIn(counts))
  const created = parts.some(part => part.kind === plans && results.get(part)!.counts.created === 1)
  if (changes && options.when !== null) requireMatch(code, !created, etag, options.when)
  if (options.dry_run) await undo(ctx)
  else if (newFigures) {
    ctx.journal({ action: 'imported', resource: `/v1/plans/${code}/bundle`, counts: { ...figures.counts }, plan: code, ...(figures.telling !== 'all' && { visibility: 'told' }) })
  }
  const result = options.dry_run ? 'validated' : changes ? 'applied' : 'unchanged'
  return { created, receipt: { result, dry_run: options.dry_run, sections: counts, problems: [], warnings: figures.warnings } }
}

const changesIn = ({ created, updated, deleted }: SetCounts) => created + updated + deleted > 0

interface Part { kind: Kind, name: string, items: Array<Record<string, unknown> & { code: string }>, whole: boolean }

/** What the bundle brings, in the order in which it is stored. */
const partsOf = (bundle: BundleBody): Part[] => [
  ...registers.map(kind => ({ kind, name: kind.table, items: bundle[kind.table], whole: false })),
  { kind: plans, name: 'plan', items: [bundle.plan], whole: false },
  ...sections.map(kind => ({ kind, name: kind.table, items: kind.owner === 'plan' ? bundle[kind.table] : bundle[kind.table]?.map(item => ({ ...item, plan: item.plan ?? bundle.plan.code })), whole: true }))
].filter((part): part is Part => part.items !== undefined)

/** Targets of a bundle are its plan's. */
const foreignTargets = ({ plan, targets = [] }: BundleBody): Fault[] => targets.flatMap((target, index) => (target.plan ?? plan.code) === plan.code
  ? []
  : [{ pointer: `/targets/${index}/plan`, code: 'contradiction', detail: `The bundle is of the plan '${plan.code}', this target of '${String(target.plan)}'.` }])

function refuse (errors: Fault[]): void {
  if (errors.length > 0) throw problem('unprocessable', errors[0]!.detail, { errors: errors.slice(0, 100) })
}

async function apply (ctx: WriteCtx, code: string, parts: Part[], { progress }: BundleOptions): Promise<Map<Part, SetResult>> {
  const results = new Map<Part, SetResult>()
  const scopeOf = ({ table }: Kind) => sections.some(section => section.table === table) ? code : null
  for (const part of parts) {
    progress?.(part.name)
    results.set(part, await putSet(ctx, part.kind, scopeOf(part.kind), part.items, part.whole))
  }
  const faults: Fault[] = []
  for (const [part, { written, deleted }] of results) {
    faults.push(...await settleSet(ctx, part.kind, scopeOf(part.kind), part.name, part.items, written))
    if (deleted.length > 0) await refuseDangling(ctx, part.kind, code, deleted)
  }
  refuse(faults)
  return results
}

/** What the bundle leaves out of a section must not be named by a section that it leaves alone. */
async function refuseDangling (ctx: WriteCtx, kind: Kind, plan: string, deleted: string[]): Promise<void> {
  if (useColumn[kind.table as Target] === undefined) return
  const column = `uses.${useColumn[kind.table as Target]}` as const
  const users = await ctx.db.selectFrom('uses').leftJoin('plans', 'plans.code', 'uses.plan')
    .select(['uses.resource', 'uses.code', 'uses.member', `${column} as used`, seen(ctx).as('seen')])
    .where('uses.plan', '=', plan).where(sql<boolean>`${sql.ref(column)} = any(${deleted}::text[])`).limit(100).execute()
  if (users.length === 0) return
  const errors = users.map(user => ({
    pointer: `/${kind.table}`,
    code: 'in_use',
    detail: `The ${kind.noun} '${String(user.used)}' is left out, but ${user.seen ? `${user.resource} '${user.code}'` : 'something that the key may not see'} names it.`
  }))
  throw problem('in_use', errors[0]!.detail, { errors })
}

async function deliverFigures (ctx: WriteCtx, rows: Array<Record<string, unknown>>, check: CheckRow): Promise<Delivery> {
  const delivery = await deliver(ctx, listed(rows), { check, mode: 'atomic', write: true, restating: true })
  if (delivery.problems.length > 0) {
    const [first] = delivery.problems
    throw problem('unprocessable', `${delivery.counts.rejected} datapoints have faults; nothing was written. ${first!.detail}`, {
      errors: delivery.problems.slice(0, 100).map(({ code, column, detail, rows: [row] }) => ({ pointer: `/datapoints/${row!}${column === null ? '' : `/${column}`}`, code, detail })),
      members: { problems: delivery.problems }
    })
  }
  return delivery
}

function countsOf (results: Map<Part, SetResult>, bundle: BundleBody, figures: Delivery): Record<string, SetCounts> {
  const { created, updated, unchanged, deleted } = figures.counts
  return {
    ...Object.fromEntries([...results].map(([{ name }, { counts }]) => [name, counts])),
    ...(bundle.datapoints !== undefined && { datapoints: { created, updated, unchanged, deleted } })
  }
}

function requireMatch (code: string, exists: boolean, etag: string | undefined, { match, none }: Precondition): void {
  if (!exists && match !== undefined) throw problem('stale_version', `If-Match was sent, but there is no plan '${code}'.`)
  if (!exists) return
  if (none) throw problem('stale_version', `If-None-Match: * was sent, but the plan '${code}' exists.`)
  if (match === undefined) throw problem('precondition_required', `The plan '${code}' exists: send If-Match with the ETag of its bundle.`)
  if (!match.includes('*') && !match.includes(etag!)) throw problem('stale_version', `The bundle of '${code}' is not the one whose ETag was sent in If-Match.`)
}

async function undo (ctx: WriteCtx): Promise<void> {
  await sql`rollback to savepoint bundle`.execute(ctx.db)
  ctx.forget()
}
