// The four plans of data/ in one service: every count, and every fact of every figure.
import t from 'tap'
import { all, codes, expected, facts, loadAll, readCsv, startWithSample } from './sample.js'

await t.test('the sample plans', async t => {
  const { admin, anonymous, loads } = await startWithSample(t)
  const total = async (url: string, query: Record<string, string> = {}) =>
    (await anonymous.get(url, { query: { ...query, count: true, limit: 1 } })).body.total

  for (const plan of codes) {
    const { ticks, priority_links: links, update_links: reports, placeholders, datapoints, ...others } = expected.plans[plan]!
    const { updates_restricted: restricted, ...counts } = others
    const sections = Object.entries(counts).filter(([, count]) => typeof count === 'number') as Array<[string, number]>
    const kinds = Object.entries(counts).filter(([name]) => name.endsWith('_by_kind')) as Array<[string, Record<string, number>]>
    const listOf = (name: string) => name === 'targets' ? `/v1/targets?plan=${plan}` : `/v1/plans/${plan}/${name.replace('plan_', '')}`

    await t.test(`${plan} loads into a service as new, with as many items in each section as were counted`, async t => {
      const { status, headers, body } = loads.get(plan)!
      t.match({ status, headers, body }, { status: 201, headers: { etag: /^"[^"]+"$/ }, body: { result: 'applied', dry_run: false, problems: [] } })
      for (const [name, count] of [...sections, ['datapoints', datapoints] as const]) {
        t.same(body.sections[name], { created: count, updated: 0, unchanged: 0, deleted: 0 }, name)
      }
      for (const [name, count] of sections) t.equal((await all(admin, listOf(name))).length, count, `the list of ${name}`)
      for (const [name, byKind] of kinds) {
        for (const [kind, count] of Object.entries(byKind)) {
          const items = await all(admin, listOf(name.replace('_by_kind', '')))
          t.equal(items.filter(item => item.kind === kind).length, count, `${name}: ${kind}`)
        }
      }
    })

    await t.test(`${plan} shows the public all its updates but the restricted ones`, async t => {
      t.equal(await total(listOf('updates')), counts.updates - restricted)
    })

    if (reports !== undefined) {
      await t.test(`${plan} has updates on several lines at once, of several organisations`, async t => {
        const updates = await all(admin, listOf('updates'))
        const lines = new Map((await all(admin, listOf('plan_measures'))).map(line => [line.code, line]))
        const some = (member: string, least: number) => updates.filter(update => update[member].length >= least).length
        const byOutcome: Record<string, number> = {}
        for (const update of updates) {
          const { outcome } = lines.get(update.plan_measures[0])
          byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
        }
        t.same({
          plan_measures: updates.flatMap(update => update.plan_measures).length,
          two_or_more_measures: some('plan_measures', 2),
          naming_an_organisation: some('organisations', 1),
          two_or_more_organisations: some('organisations', 2),
          by_outcome: byOutcome
        }, reports)
      })
    }

    await t.test(`${plan} has its placeholders, on lines of their own`, async t => {
      const measures = new Set((await all(anonymous, '/v1/measures?status=placeholder')).map(measure => measure.code))
      const lines = await all(anonymous, `/v1/plans/${plan}/measures`)
      t.equal(lines.filter(line => measures.has(line.measure)).length, placeholders)
    })

    if (ticks !== undefined) {
      await t.test(`${plan} has its ${ticks} ticks, and its lines their primary and additional priorities`, async t => {
        const actions = await all(anonymous, `/v1/plans/${plan}/actions`)
        const ticked = actions.filter(action => action.heading === 'Summary of actions planned for 2013-14')
        t.equal(ticked.flatMap(action => action.priorities).length, ticks)
        const relations = (lines: any[], relation: string) => lines.flatMap(line => line.priorities).filter(link => link.relation === relation).length
        const lines = await all(anonymous, `/v1/plans/${plan}/measures`)
        for (const [relation, count] of Object.entries(links ?? {})) t.equal(relations(lines, relation), count, relation)
        const indicators = lines.filter(line => line.tier !== null)
        t.same([indicators.length, relations(indicators, 'primary'), relations(indicators, 'additional')], [22, 22, 8], 'indicators')
      })
    }
  }

  await t.test('the plans share one register of organisations, areas and measures, and one set of figures', async t => {
    for (const [name, count] of Object.entries(expected.together)) t.equal((await all(anonymous, `/v1/${name}`)).length, count, name)
  })

  await t.test('every fact of the documents is a figure: its value or why it is missing, its status, what was printed', async t => {
    t.equal(facts.length, 177)
    const claimed = new Set<string>()
    for (const { fact, measure, area, period, breakdown, statistic, against, base_period: base, column, ...told } of facts) {
      const query = { measure: measure!, area: area!, period: period!, breakdown: breakdown || 'none', statistic: statistic! }
      const { items, warnings } = (await anonymous.get('/v1/datapoints', { query })).body
      const rows = items.filter((row: any) => (row.against ?? '') === against && (row.base_period ?? '') === base)
      if (!t.equal(rows.length, 1, `${fact} is one figure`, { found: items, warnings })) continue
      const [row] = rows
      t.same({
        number: row[column!],
        missing: row.missing,
        status: row.status,
        bound: row.bound,
        printed: row.printed,
        qualifiers: row.qualifiers.join(';')
      }, {
        number: told.value === '' ? null : Number(told.value),
        missing: told.missing || null,
        status: told.status,
        bound: told.bound || null,
        printed: told.printed || null,
        qualifiers: told.qualifiers
      }, fact!)
      const one = await anonymous.get(`/v1/measures/${measure}/datapoints/${area}/${period}`, {
        query: { statistic: statistic!, ...(breakdown && { breakdown }), ...(against && { against }), ...(base && { base_period: base }) }
      })
      t.same(one.body, row, `${fact} has an address of its own`)
      claimed.add([measure, area, period, breakdown, statistic, against, base].join())
    }
    t.equal(claimed.size, expected.together.datapoints, 'and there is no figure that the documents do not have')
  })

  await t.test('"New indicator" and "tbc" are markers: no value in JSON, an empty cell in CSV, never 0', async t => {
    const marked = facts.filter(fact => fact.missing !== '')
    t.same(marked.map(fact => fact.missing).sort(), ['new_indicator', 'new_indicator', 'new_indicator', 'tbc'])
    const rows = (await all(anonymous, '/v1/datapoints')).filter(row => row.missing !== null)
    t.same(rows.map(row => [row.missing, row.value, row.numerator, row.printed]).sort(), [
      ['new_indicator', null, null, 'New indicator'], ['new_indicator', null, null, 'New indicator'], ['new_indicator', null, null, 'New indicator'], ['tbc', null, null, 'tbc']
    ])
    const csv = readCsv((await anonymous.get('/v1/datapoints?format=csv')).text)
    t.equal(csv.length, 175)
    for (const { measure, area, period, missing } of marked) {
      t.match(csv.find(row => row.measure === measure && row.area === area && row.period === period && row.missing === missing), { value: '', numerator: '', denominator: '' }, measure!)
    }
    t.equal(csv.filter(row => row.value === '0').length, facts.filter(fact => fact.column === 'value' && fact.value !== '' && Number(fact.value) === 0).length, 'zeros')
  })

  await t.test('a printed "5.00%" stays as printed beside the number 5', async t => {
    t.match((await anonymous.get('/v1/measures/absence-overall/datapoints/E10000024/AY2011')).body, { value: 5, printed: '5.00%', unit: 'percent' })
    const [row] = readCsv((await anonymous.get('/v1/datapoints?format=csv&measure=absence-overall&period=AY2011')).text)
    t.match(row, { value: '5', printed: '5.00%' })
  })

  await t.test('loading them again changes nothing', async t => {
    const before = (await admin.get('/v1/changes?limit=1000')).body
    for (const [plan, { status, body }] of await loadAll(admin)) {
      t.match({ status, body }, { status: 200, body: { result: 'unchanged' } }, plan)
      t.same(Object.values<any>(body.sections).filter(counts => counts.created + counts.updated + counts.deleted > 0), [], plan)
    }
    t.same((await admin.get('/v1/changes?limit=1000')).body, before)
  })

  await t.test('the plans together have every coded statement, context figure and target, and the links and breaks of the measures', async t => {
    const coded = ['comparison', 'trend', 'target_attainment', 'availability', 'caution', 'method_change']
    const statements = (await Promise.all(codes.map(plan => all(anonymous, `/v1/plans/${plan}/statements`)))).flat()
    const measures = await all(anonymous, '/v1/measures')
    t.same({
      coded_statements: statements.filter(statement => coded.includes(statement.kind)).length,
      context_figures: statements.filter(statement => statement.kind === 'figure').length,
      targets: (await all(anonymous, '/v1/targets')).length,
      measure_links: measures.flatMap(measure => measure.links).length,
      measures_with_breaks: measures.filter(measure => measure.breaks.length > 0).length
    }, expected.documents)
  })
})
