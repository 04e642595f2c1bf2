// Plans and figures with everything that makes a filter go wrong: nulls, quotes, marks of LIKE, other alphabets, extreme numbers and days.
import type { Test } from 'tap'
import { start, type Started } from '../support/app.js'
import { makeMeasure, makePlan } from '../support/make.js'
import { deliver } from '../resources/figures.js'

const texts = ["O'Neill's \"100%\"", 'a_b\\c', 'tab\tand\nline', 'Größer als früher ✓', '😀 smile 😀', "''", '%', '_', ' leading and trailing ', 'Ä', 'zebra', 'ZEBRA', 'null', '~', 'é', '\\N', '\\t', "x' or '1'='1"]
const values = [0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-12, 0.000000000000001, 123456789012345, -999999999999999, 99999.9999, 41, 40.5, 100]
const periods = ['FY2014', 'FY2015', 'AY2015', 'CY2016', 'FY2016-Q1', 'CY1900', 'CY2016-M02', 'FY2017', 'CY2199']

export async function strangeWorld (t: Test): Promise<Started> {
  const started = await start(t)
  const { admin } = started
  await makePlan(admin)
  await makePlan(admin, 'plan-b', { title: "The city's \"other\" 100% plan", note: 'Größe ✓' })
  const dimensions = [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'Girls' }, { code: 'm', title: 'Boys' }] }]
  for (const [i, title] of texts.entries()) {
    await admin.put(`/v1/areas/area-${i}`, { title, kind: 'ward', ...(i % 3 === 0 && { parent: 'E06000018' }) })
    await admin.put(`/v1/organisations/organisation-${i}`, { title, kind: 'other', ...(i % 2 === 0 && { note: texts[(i * 7) % texts.length] }) })
  }
  await makeMeasure(admin, 'counted', { unit: 'count', decimals: 2, dimensions, title: "Count of what's counted_ 100%", note: texts[2] })
  await makeMeasure(admin, 'amount', { unit: 'count' })
  await makeMeasure(admin, 'rate', { unit: 'rate', per: 1000, title: 'Räte' })
  for (const code of ['counted', 'rate']) {
    await admin.put(`/v1/plans/plan-b/measures/${code}`, { measure: code, outcome: '1a', ref: '100%', organisations: [{ organisation: 'council', role: 'lead' }] })
    for (let i = 0; i < 6; i++) await admin.put(`/v1/measures/${code}/targets/t${i}`, { value: values[i], operator: 'at_least', period: periods[i]!, ...(i % 2 === 0 && { area: 'E06000018', note: texts[i] }) })
  }
  for (const [i, text] of texts.entries()) {
    await admin.put(`/v1/plans/plan-b/updates/u${i}`, { text, sensitivity: ['public', 'partners', 'restricted'][i % 3], ...(i % 2 === 0 && { heading: texts.at(-i - 1) }), ...(i % 4 === 0 && { plan_measures: ['counted'] }) })
    await admin.put(`/v1/plans/plan-b/actions/a${i}`, { title: text, ...(i % 2 === 0 && { outcome: '1a' }), status: ['planned', 'in_progress', 'achieved'][i % 3] })
  }
  const rows = ['amount', 'counted', 'rate'].flatMap((measure, m) => ['E06000018', 'area-0', 'area-1'].flatMap((area, a) => periods.map((period, p) => {
    const n = m * 31 + a * 11 + p * 3
    return {
      measure,
      area,
      period,
      ...(measure === 'counted' && n % 2 === 0 && { breakdown: { sex: n % 4 === 0 ? 'f' : 'm' } }),
      ...(n % 5 === 0 ? { missing: 'not_yet_published' } : { value: values[n % values.length] }),
      ...(n % 3 === 0 && { note: texts[n % texts.length] }),
      ...(n % 4 === 1 && n % 5 !== 0 && { numerator: n, denominator: 100 }),
      ...(n % 7 === 0 && { printed: texts[(n + 3) % texts.length] })
    }
  })))
  const { body } = await deliver(admin, rows)
  if (body.result !== 'applied') throw new Error(JSON.stringify(body).slice(0, 2000))
  await deliver(admin, rows.filter((_, i) => i % 9 === 0).map(({ measure, area, period, ...row }) => ({ measure, area, period, ...('breakdown' in row && { breakdown: row.breakdown }), deleted: true })))
  await deliver(admin, rows.filter((_, i) => i % 9 === 4).map(row => ({ ...row, note: 'Revised.' })))
  return started
}
