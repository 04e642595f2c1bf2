// Bookmarks of the change feed when all is not well: damaged ones, ones that somebody made, ones from a state that was lost, and
// ones that are older than what is kept.
import t from 'tap'
import pg from 'pg'
import { operator } from '../../src/db/actor.js'
import { connect } from '../../src/db/connection.js'
import { prune } from '../../src/db/journal.js'
import { writeCursor } from '../../src/db/keyset.js'
import { write } from '../../src/db/write.js'
import { start } from '../support/app.js'
import type { Client } from '../support/client.js'
import { testDatabase } from '../support/database.js'
import { makeMeasure } from '../support/make.js'
import { dice } from '../support/random.js'
import { at } from './figures.js'

const expired = { status: 410, body: { code: 'expired_cursor' } }
const faces = (client: Client, bookmark: string) =>
  Promise.all([client.get('/v1/changes', { query: { after: bookmark } }), client.get('/v1/datapoints', { query: { changed_since: bookmark } })])

await t.test('a bookmark that the service did not write', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  await admin.put(at('count', 'FY2016'), { value: 1 })
  const { next_cursor: bookmark } = (await admin.get('/v1/changes')).body
  for (const { status } of await faces(admin, bookmark)) t.equal(status, 200)

  await t.test('is gone where it was damaged, whatever was done to it', async t => {
    const { roll, pick } = dice(7)
    for (let i = 0; i < 300; i++) {
      const place = roll(bookmark.length)
      const [before, behind, letter] = [bookmark.slice(0, place), bookmark.slice(place + 1), pick([...'ABCabc019_-'])]
      const damaged = pick([before, behind, before + behind, before + letter + behind, `${before}${letter}${bookmark[place]!}${behind}`])
      // What reads as the same bytes is the same bookmark.
      const same = Buffer.from(damaged, 'base64url').equals(Buffer.from(bookmark, 'base64url'))
      if (damaged !== '' && !same) for (const answer of await faces(admin, damaged)) t.match(answer, expired, damaged)
    }
  })

  await t.test('is gone where it was made by one who knows how they are made', async t => {
    const positions = [null, true, 'x', '1', '', '1; drop table changes', [], {}, [1], -1, 0.5, 1.5, 1e15, 1e300, '9'.repeat(40), -0.1]
    const made = positions.flatMap(position => [[position], [position, 'x'], [position, null], [position, 0]])
    for (const key of [[], ...made, [1], [1, 'x'], [1, '0'.repeat(16)], [1, 1, 1], [0, 'x']]) {
      for (const answer of await faces(admin, writeCursor('changes', key as never))) t.match(answer, expired, JSON.stringify(key))
    }
  })
})

await t.test('a service restored from an earlier state', async t => {
  const url = await testDatabase(t)
  const before = connect(url)
  const first = await start(t, { connection: { ...before, url } })
  await makeMeasure(first.admin, 'count', { unit: 'count' })
  await first.admin.put(at('count', 'FY2016'), { value: 1 })
  const bookmark = async ({ admin }: { admin: Client }) => (await admin.get('/v1/changes?limit=1000')).body.next_cursor as string
  const early = (await first.admin.get('/v1/changes?limit=1')).body.next_cursor as string
  const kept = await bookmark(first)
  await before.close()
  const backup = await copied(url)
  t.teardown(backup.drop)
  const [lived, restored] = await Promise.all([url, backup.url].map(async url => {
    const connection = connect(url)
    t.teardown(() => connection.close())
    return start(t, { connection: { ...connection, url } })
  })) as [Awaited<ReturnType<typeof start>>, Awaited<ReturnType<typeof start>>]
  await lived.admin.put(at('count', 'FY2017'), { value: 17 })
  const [lost, header] = [await bookmark(lived), (await lived.admin.get('/v1/datapoints')).headers['outturn-cursor']!]
  t.equal(lost, header, 'a pull and the feed have the same bookmark at the same state')

  await t.test('tells of a bookmark that is ahead of it', async t => {
    for (const answer of await faces(restored.admin, lost)) t.match(answer, expired)
  })

  await t.test('tells of it also when it has caught up, and tells others what they lack', async t => {
    for (const period of ['FY2018', 'FY2019', 'FY2020']) await restored.admin.put(at('count', period), { value: 1 })
    for (const answer of await faces(restored.admin, lost)) t.match(answer, expired)
    for (const known of [early, kept]) for (const answer of await faces(restored.admin, known)) t.equal(answer.status, 200)
    const [changes, figures] = await faces(restored.admin, kept)
    t.same(changes.body.items.map(({ resource }: { resource: string }) => resource), ['FY2018', 'FY2019', 'FY2020'].map(period => at('count', period)))
    t.same(figures.body.items.map(({ period }: { period: string }) => period), ['FY2018', 'FY2019', 'FY2020'])
  })
})

/** Another database with what the first holds now; nobody may be connected to that. */
async function copied (url: string): Promise<{ url: string, drop (): Promise<void> }> {
  const [from, to] = [new URL(url), new URL(url)]
  to.pathname = `${from.pathname}_restored`
  const [server, name] = [new URL(process.env.OUTTURN_TEST_URL!).href, to.pathname.slice(1)]
  const run = async (statement: string) => {
    const client = new pg.Client(server)
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name} template ${from.pathname.slice(1)}`)
  return { url: to.href, drop: () => run(`drop database ${name} with (force)`) }
}

await t.test('a follower that slept longer than changes are kept does as the answer says, and ends with what is held', async t => {
  const { admin, client, connection } = await start(t)
  const reader = await client('reader')
  const put = (code: string, title: string) => admin.put(`/v1/areas/${code}`, { title, kind: 'other' })
  const titles = async () => new Map((await reader.get('/v1/areas?limit=1000')).body.items.map(({ code, title }: Record<string, string>) => [code, title]))
  let [held, after] = [new Map<string, string>(), '']

  /** One look at the feed: each area that it names is read as it is now. */
  async function follow (): Promise<number> {
    const { status, body } = await reader.get('/v1/changes', { query: { resource: '/v1/areas', limit: 3, ...(after !== '' && { after }) } })
    if (status !== 200) return status
    for (const { resource } of body.items as Array<{ resource: string }>) {
      const { status, body } = await reader.get(resource)
      if (status === 200) held.set(body.code, body.title)
      else held.delete(resource.split('/').at(-1)!)
    }
    after = body.next_cursor
    return body.has_more ? follow() : status
  }
  const remove = async (code: string) => admin.delete(`/v1/areas/${code}`, { etag: (await admin.get(`/v1/areas/${code}`)).etag })
  for (let i = 0; i < 8; i++) await put(`area-${i}`, `Area ${i}`)
  t.equal(await follow(), 200)
  t.same(held, await titles())
  for (const code of ['area-1', 'area-3']) await remove(code)
  await put('area-9', 'Area 9')
  await put('area-10', 'Area 10')
  const { at: latest } = (await admin.get('/v1/changes?limit=1000')).body.items.at(-1)
  await write(connection, { actor: operator, request_id: 'command-line' }, ctx => prune(ctx, latest, 'Kept for no time.'))
  t.equal(await follow(), 410)
  t.match((await reader.get('/v1/changes', { query: { after } })).body.detail, /Read anew what you follow, and start again without it/)
  held = await titles() as Map<string, string>
  after = ''
  await remove('area-10')
  await put('area-11', 'Area 11')
  t.equal(await follow(), 200)
  t.same(held, await titles())
  t.notOk(held.has('area-10') || held.has('area-3'))
})
