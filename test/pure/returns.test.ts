// Who owes which figures by when, as pure decisions, and the periods into which a frequency divides a plan.
import fc from 'fast-check'
import t from 'tap'
import { owedOn, owersOf, placeOf, returnsOn, standings, type Line } from '../../src/documents/returns/rules.js'
import { periodOf, periodsWithin, plusDays, regularFrequencies, startOfYear, type YearKind } from '../../src/periods/period.js'

const line = (fields: Partial<Line> = {}): Line => ({
  plan: 'plan-a',
  plan_measure: 'line-1',
  measure: 'recycling-rate',
  area: 'city',
  organisations: [{ organisation: 'council', role: 'lead' }],
  data_provider: null,
  frequency: 'annual',
  year_kind: 'financial',
  timing: 'during',
  collection_lag_days: null,
  measure_status: 'active',
  plan_status: 'in_progress',
  starts: '2016-04-01',
  ends: '2018-03-31',
  ...fields
})

const periodsOf = (fields: Partial<Line>) => owedOn(line(fields)).map(one => one.period)

const kinds: Array<YearKind | null> = ['financial', 'academic', 'calendar', null]

await t.test('the periods that a line asks for', async t => {
  const cases: Array<[string, Partial<Line>, string[]]> = [
    ['financial years', {}, ['FY2016', 'FY2017']],
    ['years of a measure that names none', { year_kind: null }, ['FY2016', 'FY2017']],
    ['academic years wholly inside', { year_kind: 'academic' }, ['AY2016']],
    ['calendar years wholly inside', { year_kind: 'calendar' }, ['CY2017']],
    ['financial quarters', { frequency: 'quarterly', ends: '2016-12-31' }, ['FY2016-Q1', 'FY2016-Q2', 'FY2016-Q3']],
    ['calendar quarters', { frequency: 'quarterly', year_kind: 'calendar', ends: '2016-12-31' }, ['CY2016-Q2', 'CY2016-Q3', 'CY2016-Q4']],
    ['halves', { frequency: 'half_yearly' }, ['FY2016-H1', 'FY2016-H2', 'FY2017-H1', 'FY2017-H2']],
    ['calendar halves', { frequency: 'half_yearly', year_kind: 'calendar', ends: '2017-03-31' }, ['CY2016-H2']],
    ['terms', { frequency: 'termly', ends: '2017-08-31' }, ['AY2015-T3', 'AY2016-T1', 'AY2016-T2', 'AY2016-T3']],
    ['months', { frequency: 'monthly', ends: '2016-06-29' }, ['CY2016-M04', 'CY2016-M05']],
    ['of a measure as at a day the days that end them', { timing: 'as_at' }, ['D2017-03-31', 'D2018-03-31']],
    ['of a running total the periods', { timing: 'cumulative', frequency: 'quarterly', ends: '2016-09-30' }, ['FY2016-Q1', 'FY2016-Q2']],
    ['of a plan shorter than any none', { ends: '2016-12-31' }, []]
  ]
  for (const [name, fields, wanted] of cases) t.same(periodsOf(fields), wanted, name)

  await t.test('are none where nothing can be owed', async t => {
    const nothing: Array<Partial<Line>> = [
      { frequency: null }, { frequency: 'irregular' }, { measure_status: 'retired' }, { measure_status: 'placeholder' }, { plan_status: 'superseded' },
      { plan_status: 'archived' }, { starts: null, ends: null }, { area: null }, { organisations: [] }, { organisations: [{ role: 'lead' }] }
    ]
    for (const fields of nothing) t.same(periodsOf(fields), [], JSON.stringify(fields))
    for (const plan_status of ['draft', 'in_progress', 'published']) t.same(periodsOf({ plan_status }), ['FY2016', 'FY2017'], plan_status)
  })

  await t.test('are each period of the frequency inside the plan, exactly once and in order', async t => {
    const day = fc.tuple(fc.integer({ min: 1995, max: 2030 }), fc.integer({ min: 0, max: 400 })).map(([year, days]) => plusDays(`${year}-01-01`, days))
    const parts = [fc.constantFrom(...regularFrequencies), fc.constantFrom(...kinds), day, fc.integer({ min: 0, max: 2500 })] as const
    fc.assert(fc.property(...parts, (frequency, kind, first, length) => {
      const last = plusDays(first, length)
      const found = periodsWithin(frequency, kind, first, last)
      const all = periodsWithin(frequency, kind, '1950-01-01', '2080-12-31')
      t.same(found, all.filter(period => period.start! >= first && period.end! <= last))
      t.equal(new Set(all.map(period => period.code)).size, all.length)
      // They leave no day out and no day twice.
      for (const [i, { start }] of all.slice(1).entries()) if (plusDays(all[i]!.end!, 1) !== start) t.fail(`${start} does not follow ${all[i]!.end}`)
    }))
  })
})

await t.test('days', async t => {
  t.equal(plusDays('2016-02-28', 1), '2016-02-29')
  t.equal(plusDays('2017-02-28', 1), '2017-03-01')
  t.equal(plusDays('2017-12-31', 0), '2017-12-31')
  t.equal(plusDays('2017-12-31', 366), '2019-01-01')
  fc.assert(fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2190-01-01'), noInvalidDate: true }), fc.integer({ min: 0, max: 3650 }), (date, days) =>
    plusDays(date.toISOString().slice(0, 10), days) === new Date(date.getTime() + days * 86_400_000).toISOString().slice(0, 10)))
  t.same(kinds.map(kind => startOfYear(kind, '2017-03-31')), ['2016-04-01', '2016-09-01', '2017-01-01', '2016-04-01'])
  t.same(kinds.map(kind => startOfYear(kind, '2017-09-01')), ['2017-04-01', '2017-09-01', '2017-01-01', '2017-04-01'])
})

await t.test('who owes', async t => {
  const as = (role: string, ...names: string[]) => names.map(organisation => ({ organisation, role }))
  const all = [...as('lead', 'lead-a', 'lead-b'), ...as('delivery', 'does'), ...as('partner', 'other'), ...as('data_provider', 'provider')]
  const without = (...roles: string[]) => all.filter(party => !roles.includes(party.role))
  t.same(owersOf({ organisations: all, data_provider: 'elsewhere' }), ['provider'], 'the provider that the line names')
  t.same(owersOf({ organisations: without('data_provider'), data_provider: 'elsewhere' }), ['elsewhere'], 'else that of the measure')
  t.same(owersOf({ organisations: without('data_provider'), data_provider: null }), ['lead-a', 'lead-b'], 'else each that leads')
  t.same(owersOf({ organisations: without('data_provider', 'lead'), data_provider: null }), ['does'], 'else who delivers')
  t.same(owersOf({ organisations: [...as('lead', 'a', 'a')], data_provider: null }), ['a'], 'once')
  t.same(owersOf({ organisations: as('partner', 'other'), data_provider: null }), [], 'and nobody else')
})

await t.test('what has come of a return', async t => {
  const owed = owedOn(line({ collection_lag_days: 30, ends: '2017-03-31' }))
  const arrived = (bounds: readonly [string, string], on: string) => new Map([[placeOf('recycling-rate', 'city', bounds), on]])
  const year = ['2016-04-01', '2017-03-31'] as const
  const only = (on: string, held = new Map<string, string>()) => returnsOn(on, owed, held)[0]!

  await t.test('is due after the lag, and overdue from the next day', async t => {
    t.match(only('2017-04-30'), { due_on: '2017-04-30', state: 'expected', received_on: null, late: null })
    t.match(only('2017-05-01'), { state: 'overdue', received_on: null, late: null })
    t.same(owedOn(line({ ends: '2017-03-31' })).map(one => one.due_on), ['2017-03-31'], 'without a lag on the last day')
  })

  await t.test('is late where it came after the day on which it was due', async t => {
    t.match(only('2017-06-01', arrived(year, '2017-04-30')), { state: 'received', received_on: '2017-04-30', late: false })
    t.match(only('2017-06-01', arrived(year, '2017-05-01')), { state: 'received', received_on: '2017-05-01', late: true })
  })

  await t.test('counts the day of a state and the year so far of a running total, and no other days', async t => {
    const stateOf = (fields: Partial<Line>, bounds: readonly [string, string]) =>
      returnsOn('2019-01-01', owedOn(line({ frequency: 'quarterly', starts: '2016-10-01', ends: '2016-12-31', ...fields })), arrived(bounds, '2018-01-01'))[0]!.state
    const [day, quarter, soFar] = [['2016-12-31', '2016-12-31'], ['2016-10-01', '2016-12-31'], ['2016-04-01', '2016-12-31']] as const
    for (const [timing, held] of [['during', [quarter]], ['as_at', [quarter, day]], ['cumulative', [quarter, soFar]]] as const) {
      for (const bounds of [day, quarter, soFar]) t.equal(stateOf({ timing }, bounds), (held as readonly unknown[]).includes(bounds) ? 'received' : 'overdue', `${timing} ${bounds.join()}`)
    }
  })

  await t.test('only goes from expected to overdue as days go by, and not back when figures come', async t => {
    const day = fc.integer({ min: 0, max: 2000 }).map(days => plusDays('2015-01-01', days))
    const parts = [fc.constantFrom(...regularFrequencies), fc.integer({ min: 0, max: 400 }), day, day, fc.array(fc.nat(20))] as const
    fc.assert(fc.property(...parts, (frequency, lag, a, b, came) => {
      const [early, late] = a < b ? [a, b] : [b, a]
      const all = owedOn(line({ frequency, collection_lag_days: lag }))
      const held = new Map(came.flatMap(i => all[i] === undefined ? [] : [[placeOf('recycling-rate', 'city', all[i].answers[0]!), '2017-01-01'] as const]))
      const [before, after] = [returnsOn(early, all, held), returnsOn(late, all, held)]
      before.forEach(({ state }, i) => t.ok(state === after[i]!.state || (state === 'expected' && after[i]!.state === 'overdue')))
      returnsOn(late, all, new Map()).forEach(({ state }, i) => t.ok(state === after[i]!.state || after[i]!.state === 'received'))
      for (const { period } of all) t.ok(periodOf(period))
    }))
  })
})

await t.test('how an organisation stands', async t => {
  const owed = owedOn(line({ ends: '2020-03-31' }))
  const held = new Map([['FY2016', '2017-03-31'], ['FY2017', '2018-06-01'], ['FY2019', '2018-07-01']].map(([code, on]) =>
    [placeOf('recycling-rate', 'city', [periodOf(code!)!.start!, periodOf(code!)!.end!]), on!]))
  const returns = returnsOn('2019-06-01', [...owed, ...owed.map(one => ({ ...one, plan_measure: 'line-2' }))], held)
  t.equal(returns.length, 8)
  t.same(standings('2019-06-01', returns), [{ organisation: 'council', expected: 0, received: 3, overdue: 1, due: 3, on_time: 1, on_time_rate: 33.3 }],
    'each figure once, and what is not due yet in no rate')
  t.same(standings('2016-06-01', returnsOn('2016-06-01', owed, new Map())), [{ organisation: 'council', expected: 4, received: 0, overdue: 0, due: 0, on_time: 0, on_time_rate: null }])
  t.same(standings('2016-06-01', []), [])
})
