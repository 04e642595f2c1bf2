// The change feed under load, as its users have it: two processes of the service on one database, sixteen writers, and followers
// that are killed again and again and go on from the last bookmark that they stored.
import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Test } from 'tap'
import { testDatabase } from '../support/database.js'
import { folder, service, type Service } from '../support/process.js'
import { dice } from '../support/random.js'
import { areas, councils, roles, work, type Desk, type Said, type Told } from './feed_writers.js'

const adminKey = 'a-bootstrap-key-of-32-characters-or-more'
const script = fileURLToPath(new URL('follower.mjs', import.meta.url))
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

interface Change { id: number, resource: string, actor: { organisation: string | null }, request_id: string }

type Sees = (change: Change, said: Said | undefined, restricted: Set<string>) => boolean

const closed = (resource: string) => /^\/v1\/(plans|measures)\/hidden/.test(resource)
const ofClients = (resource: string) => resource.startsWith('/v1/clients/')
const delivery = (resource: string) => resource.startsWith('/v1/datapoint-imports/')

/** What each reader may see, in this test's own words. */
const owner: Sees = ({ resource }, said) => !ofClients(resource) && !(delivery(resource) && said?.hidden === true)
const everyone: Sees = (change, said, restricted) => owner(change, said, restricted) && !closed(change.resource) && !restricted.has(change.resource)

interface Follower { name: string, as: string, query: Record<string, string>, sees: Sees, most: number }

const followers: Follower[] = [
  { name: 'an administrator', as: 'admin', query: {}, sees: () => true, most: 1000 },
  { name: 'an administrator who takes one at a time', as: 'admin', query: {}, sees: () => true, most: 1 },
  { name: 'a reader', as: 'reader', query: {}, sees: everyone, most: 1000 },
  { name: 'the owner', as: 'owner', query: {}, sees: owner, most: 30 },
  { name: 'a reader of areas', as: 'reader', query: { resource: '/v1/areas' }, sees: change => change.resource.startsWith('/v1/areas/'), most: 5 },
  { name: 'a reader of one measure', as: 'reader', query: { resource: '/v1/measures/open' }, sees: ({ resource }) => /^\/v1\/measures\/open(\/|$)/.test(resource), most: 20 },
  { name: 'the owner who looks at a partner', as: 'owner', query: { organisation: councils.partner }, sees: (change, ...rest) => change.actor.organisation === councils.partner && owner(change, ...rest), most: 3 }
]

async function prepare ({ put, post }: Service): Promise<(role: string, organisation: string) => Promise<{ name: string, key: string }>> {
  for (const code of Object.values(councils)) await put(`/v1/organisations/${code}`, { title: code, kind: 'council' })
  for (const code of areas) await put(`/v1/areas/${code}`, { title: code, kind: 'other' })
  await put('/v1/measures/open', { title: 'Open', unit: 'count', visibility: 'public', steward: councils.council, data_provider: councils.partner })
  await put('/v1/measures/hidden', { title: 'Hidden', unit: 'count', visibility: 'private', steward: councils.council, data_provider: councils.partner })
  for (const [code, visibility] of [['plan-open', 'public'], ['hidden-plan', 'private']]) {
    await put(`/v1/plans/${code}`, { title: code, owner: councils.council, area: 'a1', period: 'FY2017', visibility })
    await put(`/v1/plans/${code}/priorities/1`, { title: 'First' })
    await put(`/v1/plans/${code}/outcomes/1`, { title: 'First', priority: '1' })
    await put(`/v1/plans/${code}/measures/line`, { measure: 'open', outcome: '1', organisations: [{ organisation: councils.partner, role: 'lead' }] })
  }
  let count = 0
  return async (role, organisation) => {
    const name = `${role}-${++count}`
    await put(`/v1/clients/${name}`, { organisation, role, title: name })
    return { name, key: (await post(`/v1/clients/${name}/keys`, {})).body.key as string }
  }
}

interface Scene { place: string, keys: Record<string, string>, urls: string[], over: () => boolean, seed: number }

/** Starts it, kills it after a while, starts it again; when the writers are done, a last time to its end. */
async function follow (t: Test, { as, query, most }: Follower, { place, keys, urls, over, seed }: Scene): Promise<number> {
  const { roll } = dice(seed)
  await mkdir(place)
  const begin = (end: boolean) => {
    const given = new URLSearchParams({ ...query, limit: String(1 + roll(most)) }).toString()
    const env = { KEY: keys[as], PLACE: place, QUERY: given, URLS: urls.join(' '), END: String(end) }
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    return { child, ended: new Promise<number | string>(resolve => child.on('close', (code, signal) => resolve(code ?? signal!))) }
  }
  let kills = 0
  for (; !over(); kills++) {
    const { child, ended } = begin(false)
    await sleep(100 + roll(2000))
    child.kill('SIGKILL')
    t.equal(await ended, 'SIGKILL', 'it ran until it was killed')
  }
  t.equal(await begin(true).ended, 0, 'and came to the end')
  return kills
}

async function kept (place: string): Promise<Change[]> {
  const files = (await readdir(place)).filter(file => file.endsWith('.json')).sort()
  return (await Promise.all(files.map(async file => JSON.parse(await readFile(join(place, file), 'utf8')).items as Change[]))).flat()
}

/** The journal has of each request what its answer said, and nothing else. */
function account (t: Test, journal: Change[], told: Told): void {
  const lines = new Map<string, number>()
  for (const { request_id: id } of journal) lines.set(id, (lines.get(id) ?? 0) + 1)
  const wrong = [...told].filter(([id, { least, most }]) => (lines.get(id) ?? 0) < least || (lines.get(id) ?? 0) > most)
  t.same(wrong, [], 'the journal has of each request as many lines as its answer said')
}

export async function feed (t: Test, { writes, seed }: { writes: number, seed: number }): Promise<void> {
  const url = await testDatabase(t, { migrated: false })
  const env = { DATABASE_URL: url, OUTTURN_ADMIN_KEY: adminKey, OUTTURN_RATE_LIMIT: 'off' }
  const first = await service(t, { env })
  const services = [first, await service(t, { env })]
  const client = await prepare(first)
  const keys: Record<string, string> = { admin: adminKey, reader: (await client('reader', councils.elsewhere)).key, owner: (await client('editor', councils.council)).key }
  const told: Told = new Map()
  const [restricted, refused] = [new Set<string>(), [] as string[]]
  const desks = await Promise.all(numbers(16).map(async (i): Promise<[Desk, string]> => {
    const role = roles[i % roles.length]!
    const who = await client(role, role === 'contributor' ? councils.partner : councils.council)
    return [{ ...who, services, chance: dice(seed + i), told, restricted, refused }, role]
  }))
  const place = await folder(t)
  const writing = { over: false }
  const scene = { keys, urls: services.map(({ url }) => url), over: () => writing.over }
  const following = followers.map((one, i) => follow(t, one, { ...scene, place: join(place, String(i)), seed: seed + 100 + i }))
  await Promise.all(desks.map(([desk, role]) => work(desk, role, writes)))
  writing.over = true
  const kills = await Promise.all(following)
  t.same(refused, [], 'no writer was refused what it may')
  if (refused.length > 0) for (const { said } of services) t.comment(said.err)

  const database = new pg.Client(url)
  await database.connect()
  const { rows } = await database.query<Change>("select id::int, resource, json_build_object('organisation', organisation) as actor, request_id from changes order by id")
  await database.end()
  t.same(rows.map(({ id }) => id), numbers(rows.length).map(i => i + 1), 'the journal has no gap')
  account(t, rows, told)
  for (const [i, { name, as, query, sees }] of followers.entries()) {
    const held = await kept(join(place, String(i)))
    const ids = held.map(({ id }) => id)
    t.ok(ids.every((id, n) => n === 0 || id > ids[n - 1]!), `${name} has each change once, in order`)
    t.strictSame(ids, rows.filter(change => sees(change, told.get(change.request_id), restricted)).map(({ id }) => id), `${name} has all that it may see, and nothing else`)
    t.strictSame(held, await whole(first, keys[as]!, query), `${name} has what a walk from the beginning gives`)
    t.comment(`${name}: ${ids.length} of ${rows.length} changes, killed ${kills[i]} times`)
  }
  for (const one of services) t.equal(await one.stop(), 0)
}

async function whole ({ send }: Service, as: string, query: Record<string, string>): Promise<Change[]> {
  const items: Change[] = []
  for (let after = ''; ;) {
    const { body } = await send('GET', `/v1/changes?${new URLSearchParams({ ...query, limit: '1000', ...(after !== '' && { after }) }).toString()}`, undefined, { as })
    items.push(...body.items)
    if (!body.has_more) return items
    after = body.next_cursor
  }
}
