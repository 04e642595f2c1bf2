// The guides for R, Python, spreadsheets and Tableau, run as they stand there against a running service; what they print and write is held
// against what the service itself says. Needs R with httr2 and jsonlite, Python with pandas and requests, curl, LibreOffice.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCsv } from '../documents/sample.js'
import { blocks, execute, guide, run, workplace } from '../support/guide.js'
import { plan, serviceForPartner, type PartnerService } from '../support/partner.js'

type Row = Record<string, any>

const pull = async ({ get }: PartnerService, path: string): Promise<Row[]> => (await get(`${path}${path.includes('?') ? '&' : '?'}limit=1000`)).body.items

/** What the guides ask for, as pages of JSON say it. */
async function told (started: PartnerService) {
  const figures = await pull(started, `/v1/datapoints?plan=${plan}&titles=true`)
  const scorecard = (await started.get(`/v1/plans/${plan}/scorecard`)).body.lines as Row[]
  return {
    figures,
    history: await pull(started, `/v1/datapoints/history?plan=${plan}`),
    latest: await pull(started, `/v1/datapoints?plan=${plan}&breakdown=none&latest=true`),
    targets: await pull(started, `/v1/targets?plan=${plan}`),
    without: figures.filter(row => row.value === null).length,
    colours: (colour: string) => scorecard.filter(line => line.rag === colour).length
  }
}

const sum = (values: unknown[]) => values.map(Number).reduce((a, b) => a + b, 0).toFixed(6)

/** Whether the table that was written has the figures of the service: each by its key, with its value, and nothing else. */
function same (t: Test, written: Row[], figures: Row[]): void {
  const text = ({ measure, area, period, value }: Row) => [measure, area, period, value === null || value === '' ? '' : Number(value)].join('|')
  t.same(written.map(text).sort(), figures.map(text).sort())
  t.equal(sum(written.map(row => row.value)), sum(figures.map(row => row.value)))
  t.same(written.map(row => row.missing).sort(), figures.map(row => row.missing ?? '').sort())
}

await t.test('the guide for Python does what it says', async t => {
  const started = await serviceForPartner(t)
  const place = await workplace(t)
  const before = await told(started)
  const [out = ''] = await run(t, place, blocks(await guide('python')), { OUTTURN_URL: started.url, OUTTURN_KEY: started.standardKey })
  const after = await told(started)

  await t.test('reads figures, history, targets and the scorecard', async t => {
    t.match(out, `${before.figures.length} figures, of which ${before.without} have no value\n`)
    t.match(out, `${before.history.length} revisions\n`)
    t.match(out, `${before.latest.length} latest figures, ${before.targets.length} targets\n`)
    t.match(out, new RegExp(`^not_judged +${before.colours('not_judged')}$`, 'm'))
  })

  await t.test('pushes, is told which line is wrong, and pulls what changed', async t => {
    t.match(out, /^lines \[2\] measure - .*Did you mean 'smoking-at-delivery'\?\nrejected .*\napplied .*'created': 2/m)
    t.match(out, `${after.figures.length} figures after the push\n`)
    t.equal(after.figures.length, before.figures.length + 2)
    same(t, readCsv(await readFile(join(place, 'figures.csv'), 'utf8')), after.figures)
  })
})

await t.test('the guide for R does what it says', async t => {
  const started = await serviceForPartner(t)
  const place = await workplace(t)
  const before = await told(started)
  const [out = ''] = await run(t, place, blocks(await guide('r')), { OUTTURN_URL: started.url, OUTTURN_KEY: started.standardKey })
  const after = await told(started)

  await t.test('reads figures, history, targets and the scorecard, and draws', async t => {
    t.match(out, `${before.figures.length} figures, of which ${before.without} have no value\n`)
    t.match(out, `${before.history.length} revisions\n`)
    t.match(out, `${before.latest.length} latest figures, ${before.targets.length} targets\n`)
    t.match(out, new RegExp(`not_judged +red *\n +${before.colours('not_judged')} +${before.colours('red')} *\n`))
    t.equal((await readFile(join(place, 'trend.pdf'))).toString('latin1', 0, 5), '%PDF-')
  })

  await t.test('pushes, is told which line is wrong, and pulls what changed', async t => {
    t.match(out, /^lines 2 measure - .*Did you mean 'smoking-at-delivery'\? *\nrejected - .*\napplied - 2 created/m)
    t.match(out, `${after.figures.length} figures after the push\n`)
    same(t, readCsv(await readFile(join(place, 'figures.csv'), 'utf8')), after.figures)
  })
})

await t.test('the guide for spreadsheets does what it says', async t => {
  const started = await serviceForPartner(t)
  await started.put('/v1/plans/ours', { title: 'Ours', owner: 'nottingham-city-ccg', visibility: 'private' })
  const place = await workplace(t)
  const env = { OUTTURN_URL: started.url, OUTTURN_KEY: started.feedKey }
  const { figures } = await told(started)
  await run(t, place, blocks(await guide('excel')), env)
  const lines = (await started.get(`/v1/plans/${plan}/scorecard`)).body.lines as Row[]

  await t.test('curl fetches a selection with Basic, marked for Excel', async t => {
    const text = await readFile(join(place, 'figures.csv'), 'utf8')
    t.ok(text.startsWith('\uFEFFmeasure,area,period,'))
    same(t, readCsv(text.slice(1)), figures)
  })

  await t.test('LibreOffice opens the address, keeps codes and periods as text, and numbers as numbers', async t => {
    const command = ['soffice', '--headless', '--convert-to', 'csv:Text - txt - csv (StarCalc):44,34,76,1', '--outdir', '.', 'datapoints.ods']
    t.match(await execute(command, { cwd: place, env, input: '' }), { code: 0 })
    const read = readCsv(await readFile(join(place, 'datapoints.csv'), 'utf8'))
    same(t, read, figures)
    t.same(read.map(row => [row.period_label, row.area_title]).sort(), figures.map(row => [row.period_label, row.area_title]).sort())
  })

  await t.test('LibreOffice opens the workbook of the scorecard', async t => {
    const read = readCsv(await readFile(join(place, 'scorecard.csv'), 'utf8'))
    t.same(read.map(row => row.plan_measure), lines.map(line => line.plan_measure))
  })

  await t.test('a feed key sees with Basic what nobody sees without, and writes nothing', async t => {
    const curl = (...args: string[]) => execute(['curl', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}', ...args], { cwd: place, env, input: '' })
    const basic = ['--user', `feed:${started.feedKey}`]
    t.match(await curl(...basic, `${started.url}/v1/plans/ours`), { out: '200' })
    t.match(await curl(`${started.url}/v1/plans/ours`), { out: '404' })
    t.match(await curl('--user', `feed:${started.standardKey}`, `${started.url}/v1/plans`), { out: '401' })
    t.match(await curl(...basic, '--request', 'PUT', '--header', 'Content-Type: application/json', '--data', '{}', `${started.url}/v1/plans/ours`), { out: '403' })
  })
})

await t.test('the guide for Tableau does what it says', async t => {
  const started = await serviceForPartner(t)
  const place = await workplace(t)
  await run(t, place, blocks(await guide('tableau')), { OUTTURN_URL: started.url, OUTTURN_KEY: started.feedKey })
  const read = (name: string) => readFile(join(place, name), 'utf8')
  const figures = await pull(started, '/v1/datapoints')

  t.match(await read('metadata.xml'), /^<\?xml [^]*<EntitySet Name="Datapoints"/)
  t.notMatch(await read('metadata.xml'), /Type="Collection\(/, 'no column holds a list')
  t.equal(await read('count.txt'), String(figures.length))
  same(t, JSON.parse(await read('page.json')).value.map((row: Row) => ({ ...row, missing: row.missing ?? '' })), figures)
})
