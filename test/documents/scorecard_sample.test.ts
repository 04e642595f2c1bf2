// The scorecard of the sample plan: what a board would ask of it, in the numbers of the document.
import t from 'tap'
import { startWithSample } from './sample.js'

const path = '/v1/plans/nottingham-cypp-2016-20/scorecard'

await t.test('the scorecard of the 2016-20 plan', async t => {
  const { admin, anonymous } = await startWithSample(t)
  const { body: card } = await anonymous.get(path)
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const line = (measure: string, breakdown = {}) => card.lines.find((one: any) => one.measure === measure && same(one.breakdown, breakdown))

  await t.test('every line of the plan is there in printed order, whole or by the breakdowns it has', async t => {
    const tree = (await anonymous.get('/v1/plans/nottingham-cypp-2016-20/tree')).body
    const printed = tree.priorities.flatMap((one: any) => one.outcomes).flatMap((one: any) => one.measures.map((measure: any) => measure.code))
    t.same([...new Set(card.lines.map((one: any) => one.plan_measure))], printed)
    t.same(card.lines.filter((one: any) => one.measure === 'ks2-progress').map((one: any) => one.breakdown.subject), ['maths', 'reading', 'writing'])
    t.equal(card.summary.lines, card.lines.length)
  })

  await t.test('women smoking at delivery, 17.2 against 10.7 in England, is worse', t => {
    t.match(line('smoking-at-delivery'), {
      latest: { period: 'FY2016', value: 17.2 },
      comparators: [{ title: 'England', value: 10.7, same_period: true, gap: 6.5, better: false }, { rank: { place: 3, of: null, basis: 'highest', printed: true } }],
      rag: 'not_judged',
      rag_reason: { reason: 'no_target', text: 'Not judged: the plan sets no target for it.' }
    })
    t.end()
  })

  await t.test('under-18 conceptions, 26.9 after 31.4, are improved and by their interval not significantly', t => {
    const found = line('u18-conception')
    t.match(found, { latest: { value: 26.9, shorthand: '[p]' }, previous: { period: 'R12-2015-12', value: 31.4 }, change: -4.5, direction: 'improved', change_significant: false })
    t.match(found.interval, { lower: 22.425, upper: 32.0061, level: 95, method: 'byar' })
    t.ok(found.notes.some((note: string) => note.includes('scaled to the rate')), 'and says how the interval came about')
    t.match(found, { target: { met: null, unknown: { reason: 'held_elsewhere' } }, rag: 'not_judged', rag_reason: { reason: 'target_unknown', text: /Nottingham Plan/ } })
    t.end()
  })

  await t.test('child protection plans, 569 against 458, miss their target, which has no colour without a polarity', t => {
    t.match(line('cpp-children'), {
      target: { value: 458, lower: null, upper: 458, by: '2018-03-31', due: true, gap: 111, met: false, printed_result: 'not_met' },
      rag: 'not_judged',
      rag_reason: { reason: 'no_polarity', text: 'Not judged: the measure does not say which way is better; the target of at most 458 by 31 March 2018 is not met.' }
    })
    t.end()
  })

  await t.test('repeat plans, 12.8 after 14.2 against 8.0, are improved and red', t => {
    t.match(line('cpp-second-2y'), {
      previous: { period: 'FY2016', value: 14.2 },
      change: -1.4,
      direction: 'improved',
      target: { met: false, gap: 4.8, printed_result: 'not_met' },
      rag: 'red',
      rag_reason: {
        reason: null,
        rule: { source: 'default', kind: 'tolerance' },
        inputs: { period: 'FY2017', value: 12.8, upper: 8 },
        text: 'Red: 12.8% in 2017/18 misses the target of at most 8% in 2017/18 by 4.8 percentage points.'
      }
    })
    t.end()
  })

  await t.test('injuries of under-fives, 2,848 as a forecast after 2,345, are up and worse', t => {
    t.match(line('ae-injuries-0-4'), { latest: { value: 2848, status: 'forecast', shorthand: '[f]' }, previous: { value: 2345 }, change: 503, direction: 'worsened', rag: 'not_judged' })
    t.ok(line('ae-injuries-0-4').notes.includes('The latest figure is forecast.'))
    t.end()
  })

  await t.test('whether Progress 8 is above the Core Cities is not known, and why', t => {
    t.match(line('progress-8').target, {
      kind: 'relative', met: null, unknown: { reason: 'no_figure', text: 'Not known: there is no figure to set beside Core Cities.' }, words: 'the target of being above Core Cities', printed: 'above the average of all Core Cities'
    })
    t.end()
  })

  await t.test('a target for every ward is not known while wards have no figure, and one that is not due is no failure', t => {
    t.match(line('eligible-2yo-take-up').target, { met: null, due: false, unknown: { reason: 'sub_areas_missing' }, lower: 75 })
    t.match(line('priority-families-supported', { basis: 'worked-with-cumulative' }), { target: { met: false, due: false, lower: 3840 }, rag: 'not_judged', rag_reason: { reason: 'target_not_due' } })
    t.end()
  })

  await t.test('where the document prints a result, ours is the same', async t => {
    for (const plan of ['nottingham-cypp-2015-16', 'nottingham-cypp-2016-20', 'notts-cypf-2011-14', 'notts-cypf-2016-18']) {
      const { body } = await admin.get(`/v1/plans/${plan}/scorecard`)
      for (const one of body.lines) {
        for (const target of [one.target, ...one.further_targets].filter(one => one?.printed_result != null && one.met !== null)) {
          t.equal(target.met, target.printed_result === 'met', `${plan} ${one.measure} ${target.target}`)
        }
      }
    }
  })

  await t.test('what is owed next is told, and gone when it arrives', async t => {
    const due = async () => (await admin.get(`${path}?as_of=2099-01-01T00:00:00Z`)).body.lines.find((one: any) => one.measure === 'smoking-at-delivery').due
    t.same(await due(), { next_period: 'FY2017', due_on: '2018-03-31', overdue: true })
    t.ok(card.summary.overdue > 0)
    await admin.put('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017', { value: 16 })
    t.match(await due(), { next_period: 'FY2018' })
    await admin.send('DELETE', '/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017')
    t.match(await due(), { next_period: 'FY2017' })
  })

  await t.test('as CSV it has the same lines and sentences', async t => {
    const { text } = await anonymous.get(`${path}?format=csv`)
    const lines = text.trimEnd().split('\r\n')
    t.equal(lines.length, card.lines.length + 1)
    t.match(lines[0], /^plan_measure,ref,title,measure,area,/)
    t.match(lines.find(one => one.includes(',cpp-second-2y,')), /12\.8.*14\.2.*-1\.4.*improved.*red,Red: 12\.8% in 2017\/18 misses/)
    t.equal((await anonymous.get(`${path}?format=xlsx`)).status, 200)
  })

  await t.test('of an earlier period, or as known before a figure came, it is as it was', async t => {
    const before = (await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']
    await admin.put('/v1/measures/cpp-second-2y/datapoints/E06000018/FY2018', { value: 7.5 })
    t.match((await admin.get(path)).body.lines.find((one: any) => one.measure === 'cpp-second-2y'), { latest: { period: 'FY2018', value: 7.5 }, previous: { value: 12.8 } })
    const asBefore = (one: any) => t.match(one, { latest: { period: 'FY2017', value: 12.8 }, rag: 'red' })
    asBefore((await admin.get(`${path}?period=2017/18`)).body.lines.find((one: any) => one.measure === 'cpp-second-2y'))
    asBefore((await admin.get(`${path}?as_of=${before}`)).body.lines.find((one: any) => one.measure === 'cpp-second-2y'))
    t.same((await admin.get(`${path}?as_of=${before}`)).body.lines, card.lines, 'line for line')
    const now = (await admin.get('/v1/datapoints?limit=1')).headers['outturn-as-of']
    t.same((await admin.get(`${path}?as_of=${now}`)).body.lines, (await admin.get(path)).body.lines, 'and as of now it is the live one')
  })

  await t.test('for other areas and comparators, and refused where they are not known', async t => {
    const { body } = await admin.get(`${path}?area=E92000001&comparators=E06000018`)
    t.match(body.lines.find((one: any) => one.measure === 'smoking-at-delivery'), { area: 'E92000001', latest: { value: 10.7 }, target: null, comparators: [{ area: 'E06000018', better: true, gap: -6.5 }] })
    t.match(await admin.get(`${path}?area=nowhere`), { status: 400, body: { errors: [{ pointer: '?area', code: 'unknown_area' }] } })
    t.match(await admin.get(`${path}?comparators=E92000001,nowhere`), { status: 400, body: { errors: [{ pointer: '?comparators' }] } })
    t.match(await admin.get(`${path}?period=nonsense`), { status: 400, body: { errors: [{ pointer: '?period' }] } })
    t.match(await admin.get('/v1/plans/none/scorecard'), { status: 404 })
  })
})
