// Which rows a template has: a small county with wards, parts, hidden plans and every role.
import { readXlsx } from 'hucre/xlsx'
import t, { type Test } from 'tap'
import { columns } from '../../src/documents/return_template/columns.js'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { makePlan } from '../support/make.js'
import { ask, bytesOf, keys, rowsOf } from './template.js'

const put = async (client: Client, url: string, body: unknown): Promise<void> => {
  const { status, text } = await client.put(url, body)
  if (status > 201) throw new Error(`${url}: ${text}`)
}

const figures = async (client: Client, datapoints: unknown[]): Promise<void> => {
  const { status, text } = await client.post('/v1/datapoint-imports', { datapoints })
  if (status !== 200) throw new Error(text)
}

/** A county of two wards, with a plan of the council, and the area of another place. */
async function small (t: Test) {
  const started = await start(t)
  const { admin } = started
  await makePlan(admin)
  await put(admin, '/v1/areas/ward-b', { title: 'Beeston', kind: 'ward', parent: 'E06000018' })
  await put(admin, '/v1/areas/ward-a', { title: 'Zouch', kind: 'ward', parent: 'ward-b' })
  await put(admin, '/v1/areas/ward-c', { title: 'Arnold', kind: 'ward', parent: 'E06000018' })
  await put(admin, '/v1/areas/elsewhere', { title: 'Elsewhere', kind: 'county' })
  const line = (code: string, measure: string, fields: Record<string, unknown> = {}, plan = 'plan-a') =>
    put(admin, `/v1/plans/${plan}/measures/${code}`, { measure, outcome: '1a', organisations: [{ organisation: 'council', role: 'lead' }], ...fields })
  const measure = (code: string, fields: Record<string, unknown> = {}) => put(admin, `/v1/measures/${code}`, { title: code, unit: 'percent', visibility: 'public', ...fields })
  const plan = async (code: string, fields: Record<string, unknown> = {}) => {
    await put(admin, `/v1/plans/${code}`, { title: code, owner: 'council', area: 'E06000018', visibility: 'public', ...fields })
    await put(admin, `/v1/plans/${code}/priorities/1`, { title: 'One' })
    await put(admin, `/v1/plans/${code}/outcomes/1a`, { priority: '1', title: 'One a' })
  }
  return { ...started, line, measure, plan }
}

await t.test('the rows of a template', async t => {
  const { admin, anonymous, client, app, line, measure, plan } = await small(t)

  await t.test('are one for the area of the line, and one for each area inside it that has level figures, by title', async t => {
    const at = { measure: 'recycling-rate', period: 'FY2016', value: 40 }
    t.same(keys(await rowsOf(anonymous, 'council')), [['recycling-rate', 'E06000018', '']], 'also where there is no figure yet')
    await figures(admin, [{ ...at, area: 'ward-a' }, { ...at, area: 'ward-b', period: 'undated' }, { ...at, area: 'elsewhere' },
      { ...at, area: 'ward-c', statistic: 'gap', against: 'elsewhere' }])
    t.same(keys(await rowsOf(anonymous, 'council')), [['recycling-rate', 'ward-b', ''], ['recycling-rate', 'E06000018', ''], ['recycling-rate', 'ward-a', '']])
    await line('line-2', 'recycling-rate', { area: 'ward-b', ref: 'ii', position: 2 })
    const rows = await rowsOf(anonymous, 'council')
    t.same(rows.map(row => [row.area, row.plan, row.plan_measure, row.ref]), [
      ['ward-b', 'plan-a; plan-a', 'line-1; line-2', 'i; ii'], ['E06000018', 'plan-a', 'line-1', 'i'], ['ward-a', 'plan-a; plan-a', 'line-1; line-2', 'i; ii']
    ], 'once, however many lines it stands on')
    await admin.delete('/v1/measures/recycling-rate/datapoints/ward-a/FY2016')
    t.notOk((await rowsOf(anonymous, 'council')).some(row => row.area === 'ward-a'), 'and a withdrawn figure is none')
  })

  await t.test('of a plan without an area are those for which there are figures', async t => {
    await measure('everywhere')
    await plan('plan-b', { area: null })
    await line('b-1', 'everywhere', {}, 'plan-b')
    const ours = async () => keys(await rowsOf(anonymous, 'council')).filter(([measure]) => measure === 'everywhere')
    t.same(await ours(), [])
    await figures(admin, ['elsewhere', 'ward-c'].map(area => ({ measure: 'everywhere', area, period: 'FY2016', value: 5 })))
    t.same(await ours(), [['everywhere', 'ward-c', ''], ['everywhere', 'elsewhere', '']])
    await put(admin, '/v1/measures/unused', { title: 'Unused', visibility: 'public' })
  })

  await t.test('are of the latest breakdowns in each area, by date where there is one', async t => {
    const of = (name: string, values: string[]) => ({ code: name, title: name, values: values.map(code => ({ code, title: code })) })
    await measure('parted', { dimensions: [of('sex', ['f', 'm', 'x']), of('age', ['u5'])] })
    await line('line-3', 'parted')
    const at = (area: string, period: string, breakdown: Record<string, string>) => ({ measure: 'parted', area, period, breakdown, value: 5 })
    await figures(admin, [
      at('E06000018', 'FY2015', { age: 'u5' }), at('E06000018', 'FY2016', { sex: 'f' }), at('E06000018', 'FY2016', { sex: 'm', age: 'u5' }), at('E06000018', 'undated', { sex: 'x' }),
      at('ward-c', 'undated', { sex: 'x' })
    ])
    const wanted = [['parted', 'ward-c', ''], ['parted', 'ward-c', 'sex=x'], ['parted', 'E06000018', ''], ['parted', 'E06000018', 'age=u5;sex=m'], ['parted', 'E06000018', 'sex=f']]
    for (const period of [undefined, 'FY2014', 'FY2016', 'FY2030']) {
      const rows = (await rowsOf(anonymous, 'council', period === undefined ? {} : { period })).filter(row => row.measure === 'parted')
      t.same(keys(rows), wanted, `also for ${period}`)
      t.same(rows.map(row => row.last_period), ['', '', '', ...Array(2).fill(period === 'FY2014' ? '' : 'FY2016')], 'and what has no date is not the last')
    }
  })

  await t.test('leave out retired measures and plans that are over, and keep placeholders and texts', async t => {
    await measure('gone', { status: 'retired' })
    await measure('planned', { status: 'placeholder' })
    await measure('words', { unit: 'text' })
    for (const code of ['gone', 'planned', 'words']) await line(`of-${code}`, code)
    await measure('old')
    for (const status of ['superseded', 'archived']) {
      await plan(`plan-${status}`, { status })
      await line('o-1', 'old', {}, `plan-${status}`)
    }
    const listed = new Set((await rowsOf(anonymous, 'council')).map(row => row.measure))
    t.same(['gone', 'planned', 'words', 'old'].filter(code => listed.has(code)), ['planned', 'words'])
    t.match((await rowsOf(anonymous, 'council')).find(row => row.measure === 'words'), { unit: 'text' })
  })

  await t.test('are those of lead, data provider and delivery, on the line or by the measure', async t => {
    await put(admin, '/v1/organisations/partner', { title: 'Partner', kind: 'health' })
    const roles = ['lead', 'partner', 'commissioner', 'accountable', 'data_provider', 'funder', 'delivery', 'governance', 'reporter']
    for (const role of roles) {
      await measure(`as-${role}`)
      await line(`as-${role}`, `as-${role}`, { organisations: [{ organisation: 'council', role: 'lead' }, { organisation: 'partner', role }] })
    }
    await measure('provided', { data_provider: 'partner' })
    await line('line-provided', 'provided', { organisations: [] })
    await measure('provided-unlisted', { data_provider: 'partner' })
    t.same((await rowsOf(anonymous, 'partner')).map(row => row.measure), ['as-data_provider', 'as-delivery', 'as-lead', 'provided'])
  })

  await t.test('are those that the caller may see', async t => {
    await measure('shy', { visibility: 'partners' })
    await measure('secret', { visibility: 'private', steward: 'council' })
    for (const code of ['shy', 'secret']) await line(`of-${code}`, code)
    for (const visibility of ['partners', 'private']) {
      await measure(`in-${visibility}`)
      await plan(`plan-${visibility}`, { visibility })
      await line('h-1', `in-${visibility}`, {}, `plan-${visibility}`)
      await line('h-2', 'recycling-rate', {}, `plan-${visibility}`)
    }
    const hidden = async (who: Client) => {
      const rows = await rowsOf(who, 'council')
      const plans = rows.find(row => row.measure === 'recycling-rate')!.plan
      return ['shy', 'secret', 'in-partners', 'in-private'].filter(code => rows.some(row => row.measure === code)).join() + (plans.includes('private') ? ' private' : '')
    }
    t.equal(await hidden(anonymous), '')
    t.equal(await hidden(await client('reader', 'partner')), 'shy,in-partners')
    t.equal(await hidden(await client('reader', 'council')), 'shy,secret,in-partners,in-private private')
    t.equal(await hidden(admin), 'shy,secret,in-partners,in-private private')
  })

  await t.test('are none where there is nothing to answer for, and then there is still a table', async t => {
    await put(admin, '/v1/organisations/idle', { title: 'Idle', kind: 'other' })
    t.equal((await ask(anonymous, 'idle', { period: '2017/18' })).text, `${columns.join(',')}\r\n`)
    const { sheets: [sheet, guide] } = await readXlsx(await bytesOf(app, 'idle'))
    t.same([sheet!.rows, guide!.name], [[columns], 'How to fill this in'])
    t.match(await ask(anonymous, 'idle', { period: 'nonsense' }), { status: 400, body: { errors: [{ pointer: '?period', code: 'invalid_period' }] } })
    t.match(await ask(anonymous, 'nobody'), { status: 404, body: { code: 'not_found', detail: "There is no organisation 'nobody'." } })
  })

  await t.test('hold no text that a spreadsheet would run, and no number that is not exact', async t => {
    await put(admin, '/v1/organisations/odd', { title: 'Odd', kind: 'other' })
    const parts = { organisations: [{ organisation: 'odd', role: 'lead' }] }
    for (const [i, title] of ['=1+1', '+44', '@home', '- of which', '#N/A', '"quoted", and so on', '_x0041_ is no letter'].entries()) {
      await measure(`odd-${i}`, { title, unit: 'index' })
      await line(`odd-${i}`, `odd-${i}`, { ...parts, position: i })
      await figures(admin, [{ measure: `odd-${i}`, area: 'E06000018', period: 'FY2016', value: [-5.5, 1e-7, 123456789012345, 0, -0.25, 3, 99999999999999.9][i] }])
    }
    const rows = await rowsOf(anonymous, 'odd')
    t.same(rows.map(row => row.measure_title), ["'=1+1", "'+44", "'@home", "'- of which", '#N/A', '"quoted", and so on', '_x0041_ is no letter'])
    t.same(rows.map(row => row.last_value), ['-5.5', '0.0000001', '123456789012345', '0', '-0.25', '3', '99999999999999.9'])
    const { sheets: [sheet] } = await readXlsx(await bytesOf(app, 'odd'))
    t.same(sheet!.rows.slice(1).map(row => row[columns.indexOf('measure_title')]), ['=1+1', '+44', '@home', '- of which', '#N/A', '"quoted", and so on', '_x0041_ is no letter'])
    t.same(sheet!.rows.slice(1).map(row => row[columns.indexOf('last_value')]), [-5.5, 1e-7, 123456789012345, 0, -0.25, 3, 99999999999999.9])
  })
})
