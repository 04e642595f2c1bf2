// The live plan nested as a reader reads it: order, numbers, titles, organisations and latest figures of the documents.
import t from 'tap'
import { all, expected, file, section, startWithSample } from './sample.js'

const plan = 'nottingham-cypp-2016-20'

// Printed numbers of the lines, outcome by outcome, as they stand in the document, misprints included.
const printed: Record<string, string[]> = {
  '1a': ['i', 'ii', 'iii', 'iv', 'iv'],
  '1b': ['i', 'ii'],
  '1c': ['i', 'ii', 'iii'],
  '1d': ['i', 'ii', 'iii', 'iv', 'v'],
  '1e': ['i', 'ii', 'iii'],
  '2a': ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii'],
  '3a': ['i', 'ii'],
  '3b': ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vi', 'vii'],
  '3c': ['i', 'ii', 'iii', 'iv', 'v', 'vi'],
  '4a': ['i', 'ii'],
  '4b': ['i']
}

const outcomesOf = (tree: any): any[] => tree.priorities.flatMap((priority: any) => priority.outcomes)
const linesOf = (tree: any): any[] => outcomesOf(tree).flatMap(outcome => outcome.measures)
const inside = (actions: any[]): any[] => actions.flatMap(action => [action, ...inside(action.actions)])
const byCode = (things: any[]) => [...new Map(things.map(thing => [thing.code, thing])).values()]

await t.test('the tree', async t => {
  const { admin, anonymous } = await startWithSample(t)
  const read = async (code: string) => (await anonymous.get(`/v1/plans/${code}/tree`)).body
  const tree = await read(plan)

  await t.test('priorities come in printed order, one of them without a printed title', async t => {
    t.same(tree.priorities.map((priority: any) => [priority.ref, priority.title]), [
      ['1', 'Promoting the health and wellbeing of babies, children and young people'],
      ['2', null],
      ['3', 'Supporting achievement and academic attainment'],
      ['4', 'Empowering families to be strong and achieve economic wellbeing']
    ])
    t.same(tree.plan, (await anonymous.get(`/v1/plans/${plan}`)).body)
  })

  await t.test('outcomes run from 1a to 4b under their priorities, with their lines by printed number and not by number', async t => {
    t.same(outcomesOf(tree).map(outcome => outcome.ref), Object.keys(printed))
    for (const priority of tree.priorities) t.ok(priority.outcomes.every((outcome: any) => outcome.ref.startsWith(priority.ref)), priority.ref)
    t.same(Object.fromEntries(outcomesOf(tree).map(outcome => [outcome.ref, outcome.measures.map((line: any) => line.ref)])), printed)
    t.equal(linesOf(tree).length, expected.plans[plan]!.plan_measures)
    t.same(linesOf(tree).map(line => line.code), section(await file(plan), 'plan_measures').map(line => line.code), 'every line once, in the order of the page')
    t.same(outcomesOf(tree)[0].measures.map((line: any) => [line.ref, line.ref_printed, line.measure]).slice(3), [
      ['iv', 'iv).', 'infant-mortality'], ['iv', 'iv).', 'dtap-12m']
    ])
  })

  await t.test('organisations stand on their lines with their roles, in printed order', async t => {
    const stored = section(await file(plan), 'plan_measures').map(line => [line.code, line.organisations ?? []])
    t.same(linesOf(tree).map(line => [line.code, line.organisations]), stored)
    t.match(linesOf(tree).find(line => line.code === 'N16-1e-01').organisations, [
      { organisation: 'nottingham-futures', role: 'lead' },
      { organisation: 'nottingham-city-council', role: 'commissioner' },
      { organisation: 'city-economic-development', role: 'commissioner' }
    ])
  })

  await t.test('a line carries its latest figure, and titles that the line does not print come from the measure', async t => {
    t.match(linesOf(tree)[0], {
      measure: 'smoking-at-delivery',
      title: 'Percentage of women reporting smoking at time of delivery',
      latest: { area: 'E06000018', period: 'FY2016', period_end: '2017-03-31', value: 17.2, printed: '17.2%', unit: 'percent' }
    })
    const titles = new Map((await all(anonymous, `/v1/measures?plan=${plan}`)).map(measure => [measure.code, measure.title]))
    const stored = new Map(section(await file(plan), 'plan_measures').map(line => [line.code, line.title]))
    for (const line of linesOf(tree)) t.equal(line.title, stored.get(line.code) ?? titles.get(line.measure), line.code)
  })

  await t.test('latest is the dated level figure of the whole with the greatest end, as the list of datapoints has it', async t => {
    const latest = (await all(anonymous, `/v1/datapoints?plan=${plan}&area=E06000018&latest=true&breakdown=none`))
    const listed = new Map(latest.map(row => [row.measure, [row.period, row.value, row.missing]]))
    t.ok(listed.size > 15)
    for (const line of linesOf(tree)) {
      t.same(line.latest && [line.latest.period, line.latest.value, line.latest.missing], listed.get(line.measure) ?? null, line.code)
    }
    t.ok(linesOf(tree).every(line => line.undated.every((row: any) => row.period_end === null && row.statistic === 'level')))
  })

  await t.test('a line is judged as in the scorecard, whole or by its breakdowns', async t => {
    for (const code of Object.keys(expected.plans)) {
      const lines = new Map<string, any>()
      const walk = (node: any): void => {
        for (const line of node.measures ?? []) lines.set(line.code, line)
        for (const one of [...node.priorities ?? [], ...node.outcomes ?? [], ...node.actions ?? []]) walk(one)
      }
      walk(await read(code))
      const judged = new Map<string, unknown[]>()
      for (const { plan_measure, breakdown, direction, change_significant, rag, rag_reason } of (await anonymous.get(`/v1/plans/${code}/scorecard`)).body.lines) {
        judged.set(plan_measure, [...judged.get(plan_measure) ?? [], { breakdown, direction, change_significant, rag, rag_reason }])
      }
      t.ok(judged.size > 30, code)
      for (const [line, judgements] of judged) t.same(lines.get(line)?.judgements, judgements, line)
    }
    t.match(linesOf(tree).find(line => line.measure === 'cpp-second-2y').judgements, [{ breakdown: {}, direction: 'improved', change_significant: null, rag: 'red', rag_reason: { text: /^Red: 12\.8%/ } }])
  })

  await t.test('a placeholder is a line with no figure', async t => {
    for (const code of Object.keys(expected.plans)) {
      const placeholders = new Set((await all(anonymous, `/v1/measures?status=placeholder&plan=${code}`)).map(measure => measure.code))
      const other = await read(code)
      const onPriorities = other.priorities.flatMap((one: any) => [...one.measures, ...inside(one.actions).flatMap(action => action.measures)])
      const everywhere = byCode([...linesOf(other), ...onPriorities])
      const lines = everywhere.filter(line => placeholders.has(line.measure))
      t.equal(everywhere.length, expected.plans[code]!.plan_measures, `${code}: every line has its place`)
      t.equal(lines.length, expected.plans[code]!.placeholders, code)
      t.same(lines.map(line => line.latest), lines.map(() => null))
    }
    t.match(linesOf(tree)[1], { measure: 'perinatal-mh-placeholder', latest: null, breakdowns: [], undated: [] })
  })

  await t.test('key activities stand under their priorities with their actions inside, and leads keep their printed label', async t => {
    const county = await read('notts-cypf-2016-18')
    const activities = byCode(county.priorities.flatMap((priority: any) => priority.actions))
    t.equal(activities.length, 17)
    t.ok(activities.every(activity => activity.kind === 'key_activity' && activity.parent === null))
    const parts = activities.flatMap(activity => activity.actions)
    t.equal(parts.length, 44)
    t.ok(activities.every(activity => activity.actions.every((part: any) => part.parent === activity.code)))
    t.same(parts.map(part => part.position), parts.map(part => part.position).sort((a, b) => a - b), 'in printed order')
    t.equal(byCode(activities.flatMap(activity => activity.measures)).length, 35, 'with the lines of which they are the home')
    const leads = activities.find(activity => activity.code === 'C16-1.5').organisations.filter((one: any) => one.role === 'lead')
    t.same(leads.map((one: any) => [one.label, one.organisation]), [
      ['1 SEND', 'nottinghamshire-county-council'], ['1 SEND', 'notts-ccgs'], ['1 SEND', 'schools'],
      ['2 JTAI', 'nottinghamshire-county-council'], ['2 JTAI', 'notts-ccgs'], ['2 JTAI', 'notts-police'], ['2 JTAI', 'probation-unnamed']
    ])
    t.match(activities.find(activity => activity.code === 'C16-2.2').organisations, [{ role: 'lead', marker: 'tbc' }])
  })

  await t.test('a plan without outcomes has its lines on the priorities, and what serves nothing stands apart', async t => {
    const county = await read('notts-cypf-2011-14')
    t.equal(county.priorities.length, 7)
    t.same(outcomesOf(county), [])
    t.equal(byCode(county.priorities.flatMap((priority: any) => priority.measures)).length, 42)
    const actions = byCode([...inside(county.actions), ...county.priorities.flatMap((priority: any) => inside(priority.actions)),
      ...county.priorities.flatMap((priority: any) => priority.measures).flatMap((line: any) => inside(line.actions))])
    t.equal(actions.length, 36, 'no action is lost')
    t.equal(actions.filter(action => action.kind === 'supported_initiative').length, 3)
    t.same(actions.find(action => action.code === 'T11-A04').actions.map((part: any) => part.kind), ['milestone', 'milestone'])
  })

  await t.test('every action of every plan stands somewhere in its tree', async t => {
    for (const code of Object.keys(expected.plans)) {
      const { priorities, actions } = await read(code)
      const outcomes = priorities.flatMap((one: any) => one.outcomes)
      const lines = [...priorities, ...outcomes].flatMap((one: any) => one.measures)
      const found = byCode(inside([...actions, ...[...priorities, ...outcomes, ...lines].flatMap((one: any) => one.actions)]))
      t.same(found.map(action => action.code).sort(), (await all(anonymous, `/v1/plans/${code}/actions`)).map(action => action.code).sort(), code)
    }
  })

  await t.test('the domestic-violence measure of 2015-16 has two lines and one series', async t => {
    const measure = 'dv-incidents-children'
    await admin.put(`/v1/measures/${measure}/datapoints/E06000018/FY2015`, { value: 1234 })
    const lines = linesOf(await read('nottingham-cypp-2015-16')).filter(line => line.measure === measure)
    t.same(lines.map(line => [line.outcome, line.latest.value]), [['1a', 1234], ['4a', 1234]])
    t.not(lines[0].title, lines[1].title, 'each under the title printed there')
    t.match((await all(anonymous, `/v1/measures/${measure}/series`)), [{ area: 'E06000018', statistic: 'level', count: 1 }])
    t.equal((await all(anonymous, `/v1/measures/${measure}/series`)).length, 1)
  })

  await t.test('the smoking-at-delivery measure stands in both city plans, and its series runs across them', async t => {
    const measure = 'smoking-at-delivery'
    const city = ['nottingham-cypp-2015-16', plan]
    const lines = () => Promise.all(city.map(async code => linesOf(await read(code)).filter(line => line.measure === measure)))
    t.same((await lines()).map(found => found.map(line => [line.outcome, line.latest.value])), [[['2a', 17.2]], [['1a', 17.2]]])
    for (const [period, value] of [['FY2015', 18.1], ['FY2017', 16.4]] as const) await admin.put(`/v1/measures/${measure}/datapoints/E06000018/${period}`, { value })
    const [first, second] = await Promise.all(city.map(code => all(anonymous, `/v1/datapoints?plan=${code}&measure=${measure}&area=E06000018&statistic=level`)))
    t.same(first!.map(row => [row.period, row.value]), [['FY2015', 18.1], ['FY2016', 17.2], ['FY2017', 16.4]])
    t.same(second, first)
    t.match((await lines()).flat().map(line => line.latest.value), [16.4, 16.4])
  })
})
