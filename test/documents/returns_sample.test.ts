// Returns of the sample plans on 1 May 2018: each partner sees its own list, and an overdue figure that comes is received.
import t from 'tap'
import type { Client } from '../support/client.js'
import { all, startWithSample } from './sample.js'

const on = '2018-05-01'
const city = 'E06000018'

await t.test('returns of the sample plans on 1 May 2018', async t => {
  const { admin, anonymous } = await startWithSample(t)
  const of = (client: Client, organisation: string) => all(client, `/v1/returns?on=${on}&organisation=${organisation}`)
  const short = (items: Array<Record<string, unknown>>) => items.map(one => [one.plan_measure, one.period, one.state].join(' '))

  await t.test('are of each partner the figures of the lines that it leads, and no others', async t => {
    const ccg = await of(anonymous, 'nottingham-city-ccg')
    t.same(short(ccg.filter(one => one.measure === 'smoking-at-delivery')),
      ['N15-2a-01 FY2015 overdue', 'N16-1a-01 FY2016 received', 'N16-1a-01 FY2017 overdue', 'N16-1a-01 FY2018 expected', 'N16-1a-01 FY2019 expected'])
    t.same(short(ccg.filter(one => one.measure === 'ae-injuries-0-4' && one.state === 'overdue')), ['N16-2a-07 FY2017 overdue'], 'a forecast is not the figure yet')
    t.same(new Set(ccg.map(one => one.measure)), new Set(['ae-injuries-0-4', 'smoking-at-delivery', 'behmh-referrals', 'mh-admissions-0-17']))
    const police = await of(anonymous, 'notts-police')
    t.same(new Set(police.map(one => one.measure)), new Set(['fte-yjs', 'cse-strategy-new', 'priority-families-turned-around']))
    t.same(short(police.filter(one => one.measure === 'fte-yjs')).slice(0, 9), ['Q1', 'Q2', 'Q3', 'Q4'].map(quarter => `N16-1d-02 FY2016-${quarter} overdue`)
      .concat(['Q1', 'Q2', 'Q3', 'Q4'].map(quarter => `N16-1d-02 FY2017-${quarter} overdue`), 'N16-1d-02 FY2018-Q1 expected'))
    for (const one of [...ccg, ...police]) t.ok(one.period_start >= '2015-04-01' && one.period_end <= '2020-03-31')
  })

  await t.test('are none of Futures as long as no measure of its lines has a frequency, and appear with it', async t => {
    t.same(await of(anonymous, 'nottingham-futures'), [])
    const url = '/v1/measures/neet-16-18'
    await admin.patch(url, { frequency: 'annual' }, { etag: (await admin.get(url)).etag })
    t.same(short(await of(anonymous, 'nottingham-futures')).filter(one => one.startsWith('N16')).map(one => one.split(' ')[1]), ['D2017-03-31', 'D2018-03-31', 'D2019-03-31', 'D2020-03-31'])
  })

  await t.test('are overdue no more when their figure comes', async t => {
    const overdue = async (organisation: string) => (await all(anonymous, `/v1/returns?on=${on}&organisation=${organisation}&state=overdue`)).length
    const rate = async (organisation: string) => (await anonymous.get(`/v1/returns/summary?on=${on}&organisation=${organisation}`)).body.organisations[0]
    for (const [organisation, measure, period] of [
      ['nottingham-city-ccg', 'smoking-at-delivery', 'FY2017'], ['notts-police', 'fte-yjs', 'FY2017-Q4'], ['nottingham-futures', 'neet-16-18', 'D2017-03-31']
    ] as const) {
      const [before, standing] = [await overdue(organisation), await rate(organisation)]
      t.match(await admin.put(`/v1/measures/${measure}/datapoints/${city}/${period}`, { value: 5 }), { status: 201 })
      t.equal(await overdue(organisation), before - 1, organisation)
      t.match((await of(anonymous, organisation)).find(one => one.measure === measure && one.period === period), { state: 'received', late: true })
      t.match(await rate(organisation), { due: standing.due, received: standing.received + 1, overdue: standing.overdue - 1 })
    }
  })

  await t.test('are none of lines that name nobody', async t => {
    t.same(await all(anonymous, `/v1/returns?on=${on}&plan=notts-cypf-2011-14`), [])
  })
})
