// kill -9 while plans and figures pour in, then a start: what was acknowledged is there, and nothing is half there.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { codes, expected, file, section } from '../documents/sample.js'
import { testDatabase } from '../support/database.js'
import { folder, postmaster, service, until, type Service } from '../support/process.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
const template = await file('notts-cypf-2016-18')
const sections = Object.keys(template).filter(name => Array.isArray(template[name]) && !['organisations', 'areas', 'measures', 'datapoints'].includes(name))
const size = Object.fromEntries(sections.map(name => [name, (template[name] as unknown[]).length]))
const months = Array.from({ length: 12 }, (_, i) => `M${String(i + 1).padStart(2, '0')}`)

interface Acknowledged { plans: string[], years: number[], receipts: string[] }

/** Four writers at once, until the service is gone; each notes what it was told is held. */
function pour (running: Service, acknowledged: Acknowledged, next: { plan: number, year: number }) {
  const refused: string[] = []
  async function writer (write: () => Promise<void>): Promise<void> {
    try {
      while (refused.length < 20) await write()
    } catch {
      // The connection broke: the service was killed.
    }
  }
  const plan = async () => {
    const code = `load-${next.plan++}`
    const targets = section(template, 'targets').map(target => ({ ...target, code: `${code}-${target.code}`, plan: code }))
    const { status, text } = await running.put(`/v1/plans/${code}/bundle`, { ...template, plan: { ...template.plan, code }, targets })
    if (status === 201) acknowledged.plans.push(code)
    else refused.push(`${code}: ${status} ${text.slice(0, 300)}`)
  }
  const figures = async () => {
    const year = next.year++
    const datapoints = months.map((month, i) => ({ measure: 'load-measure', area: 'load-area', period: `CY${year}-${month}`, value: year * 100 + i }))
    const { status, body } = await running.post('/v1/datapoint-imports', { datapoints })
    if (status !== 200) {
      refused.push(`${year}: ${status} ${JSON.stringify(body).slice(0, 300)}`)
      return
    }
    acknowledged.years.push(year)
    acknowledged.receipts.push(body.id)
  }
  return { refused, ended: Promise.all([writer(plan), writer(plan), writer(figures), writer(figures)]) }
}

async function everyChange (running: Service): Promise<any[]> {
  const changes: any[] = []
  for (let after = ''; ;) {
    const { body } = await running.get(`/v1/changes?limit=1000${after && `&after=${encodeURIComponent(after)}`}`)
    changes.push(...body.items)
    if (!body.has_more) return changes
    after = body.next_cursor
  }
}

async function examine (t: Test, running: Service, acknowledged: Acknowledged): Promise<void> {
  const held: string[] = (await running.get('/v1/plans?limit=1000')).body.items.map((plan: any) => plan.code)
  t.same(acknowledged.plans.filter(code => !held.includes(code)), [], 'every acknowledged plan is there')
  for (const code of held) {
    const { body } = await running.get(`/v1/plans/${code}/bundle`)
    t.same(Object.fromEntries(sections.map(name => [name, (body[name] ?? []).length])), size, `${code} is whole`)
  }
  const rows: any[] = []
  for (let url: string | null = '/v1/datapoints?measure=load-measure&limit=1000'; url !== null;) {
    const { body } = await running.get(url)
    rows.push(...body.items)
    url = body.next === null ? null : body.next.slice(running.url.length)
  }
  const years = new Map<number, any[]>()
  for (const row of rows) years.set(Number(row.period.slice(2, 6)), [...years.get(Number(row.period.slice(2, 6))) ?? [], row])
  t.same(acknowledged.years.filter(year => !years.has(year)), [], 'every acknowledged delivery is there')
  for (const [year, found] of years) t.same(found.map(row => row.value).sort((a, b) => a - b), months.map((_, i) => year * 100 + i), `${year} is whole`)
  for (const id of acknowledged.receipts.slice(-5)) t.equal((await running.get(`/v1/datapoint-imports/${id}`)).status, 200, 'its receipt as well')

  const changes = await everyChange(running)
  t.same(changes.map(change => change.id), changes.map((_, i) => i + 1), 'the journal has no gap')
  const created = changes.filter(change => change.action === 'created').map(change => change.resource)
  t.equal(created.length, new Set(created).size, 'and nothing twice')
  t.same(created.filter(path => /^\/v1\/plans\/[^/]+$/.test(path)).map(path => path.slice(10)).sort(), [...held].sort(), 'and every plan that is held')
}

async function prepare (running: Service): Promise<void> {
  await running.put('/v1/areas/load-area', { title: 'Load', kind: 'other' })
  await running.put('/v1/measures/load-measure', { title: 'Load', unit: 'count' })
}

async function rounds (t: Test, env: Record<string, string>, ways: Array<[name: string, also: () => Promise<void>]>): Promise<void> {
  const acknowledged: Acknowledged = { plans: [], years: [], receipts: [] }
  const next = { plan: 1, year: 1900 }
  let running = await service(t, { env })
  await prepare(running)
  const startAgain = () => service(t, { env })
  for (const [name, also] of ways) {
    await t.test(name, async t => {
      const before = { plans: acknowledged.plans.length, years: acknowledged.years.length }
      const { refused, ended: poured } = pour(running, acknowledged, next)
      await until('acknowledgements', () => refused.length > 0 || (acknowledged.plans.length > before.plans && acknowledged.years.length > before.years))
      await sleep(Math.random() * 400)
      const [ended] = await Promise.all([running.kill(), also()])
      t.equal(ended, 'SIGKILL')
      await poured
      t.same(refused, [], 'nothing was refused while the service ran')
      running = await startAgain()
      t.comment(`${acknowledged.plans.length} plans of ${next.plan - 1}, ${acknowledged.years.length} deliveries of ${next.year - 1900}`)
      await examine(t, running, acknowledged)
    })
  }
  t.equal(await running.stop(), 0)
}

await t.test('the embedded database survives kill -9', async t => {
  const dataDir = await folder(t)
  const env = { OUTTURN_DATA_DIR: dataDir, OUTTURN_SAMPLE: 'off', OUTTURN_ADMIN_KEY: adminKey }
  const killDatabase = async () => { process.kill((await postmaster(dataDir))!, 'SIGKILL') }
  await rounds(t, env, [
    ['of the service', async () => {}],
    ['of the service and its database at once', killDatabase],
    ['of the service once more', async () => {}],
    ['of both once more', killDatabase]
  ])
})

await t.test('a server database survives kill -9', async t => {
  const url = await testDatabase(t, { migrated: false })
  const terminate = async () => {
    const client = new pg.Client(url)
    await client.connect()
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
    await client.end()
  }
  await rounds(t, { DATABASE_URL: url, OUTTURN_ADMIN_KEY: adminKey }, [
    ['of the service', async () => {}],
    ['of the service and its backends', terminate],
    ['of the service and its backends once more', terminate]
  ])
})

await t.test('a first start that is killed among the sample plans is made good by the next', async t => {
  const url = await testDatabase(t, { migrated: false })
  const env = { DATABASE_URL: url, OUTTURN_SAMPLE: 'on', OUTTURN_ADMIN_KEY: adminKey }
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  const starting = service(t, { env }).then(() => 'up', () => 'down')
  const plans = () => client.query('select code from plans').then(({ rows }) => rows.length, () => 0)
  await until('a first plan', async () => await plans() > 0)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
  t.comment(`${await plans()} plans were held; the service: ${await starting}`)
  const next = await service(t, { env })
  t.same((await next.get('/v1/plans')).body.items.map((plan: any) => plan.code).sort(), [...codes].sort())
  t.equal((await next.get('/v1/datapoints?limit=1000')).body.items.length, expected.together.datapoints)
  await next.stop()
})
