// A delivery from rows to what became of them: every fault of every row is found, in one pass and in bounded memory;
// then all rows, or the good ones, are written at once.
import type { WriteCtx } from '../../db/write.js'
import { governed, publishWritten, type Telling } from '../disclosures/publish.js'
import { LearningDictionary } from './dictionary.js'
import { Faults, type RowProblem } from './faults.js'
import { formFaults, without, type CheckRow } from './form.js'
import { FigureRights, refuseRestated } from './permission.js'
import { readRow, type Row, type RowFault } from './row.js'
import type { Source, SourceRow } from './source.js'
import { apply, classify, countChanges, faultyRows, forgetEmpty, resolveKeys, sameBounds, takeDuplicates, takeOtherBases, type Classified, type FaultyRow } from './stage.js'
import { keepSeriesIds, seriesIds } from './series_ids.js'
import { Staging, type Expected } from './staging.js'

export interface Counts { received: number, created: number, updated: number, unchanged: number, deleted: number, rejected: number }

export interface RowWarning { code: string, detail: string, rows: number[], row_count: number }

export interface Delivery {
  counts: Counts
  problems: RowProblem[]
  warnings: RowWarning[]
  /** The faults of the first rejected rows, by place. */
  rejected: Map<number, RowFault[]>
  applied: boolean
  /** The greatest revision written; 0 where nothing was. */
  revision: number
  /** Why, where rows say so. */
  reason: string | null
  /** True where a private measure is among those named. */
  secret: boolean
  telling: Telling
}

export interface DeliverOptions {
  check: CheckRow
  mode: 'atomic' | 'partial'
  /** False: everything is checked and nothing written. */
  write: boolean
  /** Figures of others may stand among the rows as they are stored. */
  restating?: boolean
  /** Overrides what the rows expect. */
  expected?: Expected
}

export async function deliver (ctx: WriteCtx, source: Source, options: DeliverOptions): Promise<Delivery> {
  const faults = new Faults(source)
  const read = await stageRows(ctx, source, faults, options)
  const staged = await settleKeys(ctx, read.staging, faults)
  const { created, updated, deleted, faulty } = await classified(ctx, read.rights)
  if (faulty > 0) for await (const part of faultyRows(ctx)) for (const row of part) faults.add(row.row, [stagedFault(row)])
  const warnings = [...read.warnings, ...await boundsWarnings(ctx, created)]
  const applied = options.write && (faults.rejected === 0 || (options.mode === 'partial' && faults.rejected < read.received))
  const changes = applied && created + updated + deleted > 0
  const revision = changes ? await apply(ctx) : 0
  const telling = changes ? await publishWritten(ctx, await governed(ctx, read.staging.measures)) : 'all'
  if (read.staging.seriesCount > 0 && (read.staging.size > created || !applied)) await forgetEmpty(ctx)
  const unchanged = read.blank + staged.repeats + staged.rows - created - updated - deleted - faulty
  return {
    counts: { received: read.received, created, updated, unchanged, deleted, rejected: faults.rejected },
    problems: faults.problems(),
    warnings,
    rejected: faults.byPlace,
    applied,
    revision,
    telling,
    reason: [...read.reasons].join('; ').slice(0, 500) || null,
    secret: read.secret
  }
}

async function classified (ctx: WriteCtx, rights: FigureRights): Promise<Classified> {
  const counts = await classify(ctx)
  if (!rights.some_as_stored) return counts
  await refuseRestated(ctx)
  return countChanges(ctx)
}

const reasonsKept = 20

async function stageRows (ctx: WriteCtx, source: Source, faults: Faults, { check, expected, restating = false }: DeliverOptions) {
  const rights = new FigureRights(ctx, restating)
  const known = new LearningDictionary(ctx, rights)
  const staging = await Staging.open(ctx)
  const reasons = new Set<string>()
  const blank: number[] = []
  let received = 0
  for await (const batch of source.batches()) {
    received += batch.length
    const formed = batch.flatMap(one => one.blank ? [] : [form(one, check)])
    for (const { place, blank: empty } of batch) if (empty) blank.push(place)
    await known.learn(formed.map(({ row }) => row), () => staging.settled())
    for (const { place, row, faults: found, percents } of formed) {
      if (typeof row.reason === 'string' && reasons.size < reasonsKept) reasons.add(row.reason)
      const result = readRow(row, known, percents)
      if ('key' in result && found.length === 0) staging.put(place, result.row, result.key, expected ?? expectedOf(row))
      else faults.add(place, 'faults' in result ? [...found, ...result.faults] : found)
    }
    await staging.send()
  }
  await staging.end()
  return {
    received,
    blank: blank.length,
    staging,
    rights,
    reasons,
    secret: [...known.measures.values()].some(measure => measure.visibility === 'private'),
    warnings: [...blankWarning(blank), ...(source.remarks?.() ?? []).map(remark => ({ ...remark, rows: [], row_count: 0 }))]
  }
}

interface Formed { place: number, row: Row, faults: RowFault[], percents: string[] | undefined }

function form ({ place, row, faults = [], percents }: SourceRow, check: CheckRow): Formed {
  const found = formFaults(row, check)
  const all = faults.length === 0 ? found : [...faults, ...found.filter(({ column }) => !faults.some(fault => fault.column === column))]
  const object = typeof row === 'object' && row !== null ? row as Row : {}
  return { place, row: all.length === 0 ? object : without(object, all), faults: all, percents }
}

const expectedOf = ({ expected_revision: expected }: Row): Expected => typeof expected === 'number' ? [expected] : undefined

/** Keys become ids, and rows that cannot stand beside others of the delivery are taken out. */
async function settleKeys (ctx: WriteCtx, staging: Staging, faults: Faults): Promise<{ rows: number, repeats: number }> {
  if (staging.size === 0) return { rows: 0, repeats: 0 }
  const found = await resolveKeys(ctx, staging.measures, staging.seriesCount)
  // Others learn of a series that was made here only when it is there to stay.
  ctx.afterwards(() => keepSeriesIds(seriesIds(ctx.connection), found))
  const otherBases = staging.saysBases ? await takeOtherBases(ctx) : []
  for (const { row, said, basis } of otherBases) {
    faults.add(row, [{ code: 'contradiction', detail: `The ranks of this series have the basis ${basis}: 1 means ${basis}. Send ${basis}, or leave rank_basis out.`, column: 'rank_basis', value: said }])
  }
  const { repeats, refused } = staging.mayRepeat ? await refuseDuplicates(ctx, faults) : { repeats: 0, refused: 0 }
  return { rows: staging.size - otherBases.length - repeats - refused, repeats }
}

/** The same row twice says nothing new; rows that differ for one figure are a fault of each. */
async function refuseDuplicates (ctx: WriteCtx, faults: Faults): Promise<{ repeats: number, refused: number }> {
  let repeats = 0
  let refused = 0
  for await (const part of takeDuplicates(ctx)) {
    const faulty: Array<{ row: number, fault: RowFault }> = []
    for (const { rows, same, measure, area, period } of part) {
      if (same) repeats += rows.length - 1
      const detail = `The figure of '${measure}' in '${area}' at ${period} stands ${rows.length} times in the delivery, with different contents. Send it once.`
      if (!same) for (const row of rows) faulty.push({ row, fault: { code: 'duplicate_key', detail, column: null, value: period } })
    }
    refused += faulty.length
    // Rows of one figure may be far apart; the hundred that are named are the first.
    for (const { row, fault } of faulty.sort((a, b) => a.row - b.row)) faults.add(row, [fault])
  }
  return { repeats, refused }
}

function stagedFault ({ fault, expected }: FaultyRow): RowFault {
  switch (fault) {
    case 'missing_value':
      return { code: fault, detail: 'The row leaves the figure without a value, a numerator and a reason why it is missing. Send one of value, numerator, missing.', column: 'value', value: null }
    case 'stale_revision':
      return { code: fault, detail: `The figure is not at revision ${expected} any more. Read it again.`, column: 'expected_revision', value: expected }
    case 'not_permitted':
      return { code: fault, detail: 'The key does not write this figure, and the row says something else than is stored. Leave it as it is, or out.', column: 'measure' }
    case 'contradiction':
      return { code: fault, detail: 'With what is stored, the lower limit would be above the upper one, or the rank above the number ranked. Send both.', column: null }
  }
}

/** Told one by one; what is beyond is told together. */
const boundsTold = 20

async function boundsWarnings (ctx: WriteCtx, created: number): Promise<RowWarning[]> {
  if (created === 0) return []
  const warnings = (await sameBounds(ctx)).map(({ period, other, rows, row_count }) => ({
    code: 'same_bounds',
    detail: `${period} has the same first and last day as ${other}, of which a figure is held in the same series. Both stay; look whether both are meant.`,
    rows,
    row_count
  }))
  const others = warnings.splice(boundsTold)
  return others.length === 0
    ? warnings
    : [...warnings, { code: 'same_bounds', detail: `So have ${others.length} further periods.`, rows: others.flatMap(({ rows }) => rows).slice(0, 100), row_count: others.reduce((sum, one) => sum + one.row_count, 0) }]
}

const blankWarning = (blank: number[]): RowWarning[] => blank.length === 0
  ? []
  : [{ code: 'not_filled_in', detail: 'Nothing was typed into these rows of the return, so they change nothing.', rows: blank.slice(0, 100), row_count: blank.length }]
