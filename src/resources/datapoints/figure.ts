// One figure at its own address: read, put and withdrawn with the same rules as a row of a delivery.
import type { Ctx } from '../../db/connection.js'
import { existing } from '../../db/references.js'
import type { Precondition } from '../../db/records.js'
import { permits } from '../../db/visibility.js'
import type { WriteCtx } from '../../db/write.js'
import { readPeriod, type PeriodContext } from '../../periods/period.js'
import { problem, type Fault } from '../../problems.js'
import { deliver } from './deliver.js'
import type { CheckRow } from './form.js'
import { breakdownOf, breakdownText } from './breakdown.js'
import { selectFigures } from './select.js'
import { listed } from './source.js'
import type { Expected } from './staging.js'

export interface Address {
  measure: string
  area: string
  period: string
  breakdown: Record<string, string>
  statistic: string
  against: string | null
  base_period: string | null
}

export interface FigureQuery { breakdown?: string, statistic?: string, against?: string, base_period?: string }

/** The address in codes; what it names must be there. */
export async function addressOf (ctx: Ctx, path: { measure: string, area: string, period: string }, query: FigureQuery): Promise<Address> {
  const measure = await ctx.db.selectFrom('measures').select(['year_kind', 'timing']).where('code', '=', path.measure)
    .where(permits(ctx.actor, 'visibility', 'steward')).executeTakeFirst()
  if (measure === undefined) throw problem('not_found', `There is no measure '${path.measure}'.`)
  if (!(await existing(ctx, 'areas', null, [path.area])).has(path.area)) throw problem('not_found', `There is no area '${path.area}'.`)
  const read = (text: string, pointer: string) => {
    const found = readPeriod(text, measure as PeriodContext)
    if ('period' in found) return found.period.code
    throw problem('invalid_input', found.detail, { errors: [{ pointer, code: found.problem, detail: found.detail, ...(found.readings && { allowed: found.readings }) }] })
  }
  return {
    ...path,
    period: read(path.period, '{period}'),
    breakdown: breakdownFrom(query.breakdown),
    statistic: query.statistic ?? 'level',
    against: query.against ?? null,
    base_period: query.base_period === undefined ? null : read(query.base_period, '?base_period')
  }
}

const breakdownFrom = (text: string | undefined) => text === undefined || text === 'none' ? {} : breakdownOf(text)

/** The row of the address as a query, for the caller to read in the row's columns. */
export const selectOne = (ctx: Ctx, { measure, area, period, breakdown, statistic, against, base_period: base }: Address) => selectFigures(ctx, {})
  .where('measure', '=', measure).where('area', '=', area).where('period', '=', period).where('breakdown_text', '=', breakdownText(breakdown))
  .where('statistic', '=', statistic).where('against_text', '=', against ?? '').where('base_period_text', '=', base ?? '')

export const pathOf = ({ measure, area, period, breakdown, statistic, against, base_period: base }: Address) => {
  const query = new URLSearchParams({
    ...(Object.keys(breakdown).length > 0 && { breakdown: breakdownText(breakdown) }),
    ...(statistic !== 'level' && { statistic }),
    ...(against !== null && { against }),
    ...(base !== null && { base_period: base })
  }).toString()
  return `/v1/measures/${measure}/datapoints/${area}/${period}${query === '' ? '' : `?${query}`}`
}

export async function putFigure (ctx: WriteCtx, address: Address, body: Record<string, unknown>, when: Precondition, check: CheckRow): Promise<'created' | 'updated' | 'deleted' | 'unchanged'> {
  const expected = expectedRevisions(when)
  const options = { check, mode: 'atomic', write: true, ...(expected !== undefined && { expected }) } as const
  const { problems, counts, revision, telling } = await deliver(ctx, listed([{ ...body, ...address }]), options)
  if (problems.length > 0) throw refusal(problems, when)
  const action = (['created', 'updated', 'deleted'] as const).find(action => counts[action] > 0) ?? 'unchanged'
  if (action !== 'unchanged') {
    const reason = (body.reason as string | null | undefined) ?? null
    ctx.journal({ action, resource: pathOf(address), version: revision, measure: address.measure, reason, ...(telling !== 'all' && { visibility: telling }) })
    await ctx.record()
  }
  return action
}

/** If-Match lists revisions, * is any; If-None-Match: * asks that there be none. */
function expectedRevisions ({ match, none }: Precondition): Expected {
  if (none) return [0]
  if (match === undefined) return undefined
  return match.includes('*') ? 'some' : match.filter(tag => /^[1-9]\d{0,8}$/.test(tag)).map(Number)
}

function refusal (problems: Array<{ code: string, detail: string, column: string | null }>, when: Precondition) {
  const foreign = problems.find(one => one.code === 'not_permitted')
  if (foreign !== undefined) return problem('forbidden', foreign.detail)
  const stale = problems.find(one => one.code === 'stale_revision')
  if (stale !== undefined && (when.match !== undefined || when.none)) return problem('stale_version', 'The figure is not at the revision that the precondition names. Read it again.')
  const errors: Fault[] = problems.map(({ code, detail, column }) => ({ pointer: column === null ? '' : `/${column}`, code, detail }))
  return problem('unprocessable', errors[0]!.detail, { errors })
}
