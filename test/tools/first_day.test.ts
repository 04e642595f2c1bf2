// docs/first-day.md, walked from its first to its last command on a fresh clone of the project, with a home in which nothing is.
// Needs bash, git and curl, and the registry of packages.
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { root } from '../../src/config.js'
import { version } from '../../src/http/openapi.js'
import { testDatabase } from '../support/database.js'
import { folder, freePorts } from '../support/process.js'
import { walk } from '../support/walk.js'

const run = promisify(execFile)

/** The project as it stands here, with what is not committed yet, as a repository to clone. */
async function origin (place: string): Promise<(message: string) => Promise<unknown>> {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, maxBuffer: 1 << 26 })
  for (const file of stdout.split('\0').filter(file => file !== '')) await cp(join(root, file), join(place, file)).catch(absent)
  const git = (...args: string[]) => run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: place })
  await git('init', '--quiet')
  return async message => {
    await git('add', '--all')
    return git('commit', '--quiet', '--message', message)
  }
}

/** A file that was deleted and not committed. */
function absent (error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** What a person with an empty home has: the programs, and the way to the registry that this machine has. */
const environment = (home: string): Record<string, string> => ({
  HOME: home,
  LANG: 'C.UTF-8',
  PATH: [dirname(process.execPath), ...process.env.PATH!.split(':').filter(path => !path.includes('node_modules'))].join(':'),
  ...Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] =>
    entry[1] !== undefined && /^(?:npm_config_(?:userconfig|globalconfig|registry)|node_extra_ca_certs|(?:https?|no)_proxy|ssl_cert_\w+)$/i.test(entry[0])))
})

/** The page as its reader has it, but for what must be this machine's own: two ports, and the address of a PostgreSQL. */
async function pageFor (t: Test): Promise<{ page: string, port: number }> {
  const [port, other] = await freePorts(2)
  const database = await testDatabase(t, { migrated: false })
  const page = (await readFile(join(root, 'docs/first-day.md'), 'utf8'))
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${port!}`)
    .replaceAll('127.0.0.1:3001', `127.0.0.1:${other!}`).replaceAll('PORT=3001', `PORT=${other!}`)
    .replaceAll('postgres://outturn@db.example.gov.uk/outturn', database)
  return { page, port: port! }
}

/** The release that the page upgrades to: a newer version, with a form of the database of its own. */
async function release (place: string): Promise<void> {
  const file = join(place, 'package.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"version": ".*"/, '"version": "99.0.0"'))
  await writeFile(join(place, 'migrations/9999_next.ts'), [
    "import { sql, type Kysely } from 'kysely'", '',
    'export async function up (db: Kysely<unknown>): Promise<void> {',
    '  await sql`create table of_the_next_release (code text primary key)`.execute(db)', '}', ''
  ].join('\n'))
}

await t.test('the first day, as it is written', async t => {
  const place = await folder(t)
  const [from, home, clone, typed] = ['origin', 'home', 'outturn', 'typed'].map(name => join(place, name)) as [string, string, string, string]
  for (const path of [from, home, typed]) await mkdir(path)
  const commit = await origin(from)
  await commit('This release')
  await run('git', ['clone', '--quiet', from, clone])
  await release(from)
  await commit('The next release')
  const { page, port } = await pageFor(t)
  const services = await walk(t, page, { cwd: clone, env: { ...environment(home), PORT: String(port) } }, typed)
  t.equal(services.length, 4, 'the first, the restored one, the upgraded one, and the one on another PostgreSQL')
  for (const [i, printed] of services.entries()) t.match(printed, i < 2 ? `Outturn ${version} is ready` : 'Outturn 99.0.0 is ready')
})
