// The journal read as audit: whether it still says what was written, what it says, and the end of what is kept no longer. What
// it promises is kept by the database itself (migration 0011).
import { sql, type RawBuilder } from 'kysely'
import { session, snapshot, type Connection, type Ctx } from './connection.js'
import { operator } from './actor.js'
import type { WriteCtx } from './write.js'

/** Position and hash of the last line: whoever keeps it elsewhere can tell later that nothing before it was rewritten. */
export interface Head { position: number, hash: string }

export type Verdict =
  | { whole: true, from: number, lines: number, head: Head }
  | { whole: false, at: number, line: string | null, why: string }

interface Part { lines: number, last: number | null, hash: Buffer | null, broken: number | null }

const partSize = 20_000

const words = sql.raw(`journal_line(c.id, c.at, c.action, c.resource, c.version, c.organisation, c.client, c.key_id, c.request_id, c.counts,
  c.plan, c.measure, c.visibility, c.owner, c.reason_digest)`)

/** A reason is the one that was given, or was erased by a line that says so. */
const reasonHolds = sql`case when c.reason_digest is null then r.id is null
  when r.erased_by is not null then r.salt is null and exists (select from changes e where e.id = r.erased_by and e.id > r.id and e.action = 'erased')
  else r.id is not null and reason_digest(r.salt, r.reason) = c.reason_digest end`

/** So many lines at a time, each held against the one before it; the database answers one row for all of them. */
async function part ({ db }: Ctx, after: number, before: Buffer): Promise<Part> {
  const { rows: [found] } = await sql<Part>`
    select count(*) as lines, max(id) as last, (array_agg(hash order by id desc))[1] as hash, min(id) filter (where not coalesce(holds, false)) as broken
    from (
      select c.id, c.hash, c.id = lag(c.id, 1, ${after}::bigint) over line + 1
        and c.hash = sha256(lag(c.hash, 1, ${before}::bytea) over line || ${words}) and ${reasonHolds} as holds
      from (select * from changes where id > ${after} order by id limit ${sql.lit(partSize)}) c left join reasons r on r.id = c.id
      window line as (order by c.id)
    ) lines`.execute(db)
  return found!
}

/** `kept` is a head from earlier that must still be part of it. */
export async function verify ({ db }: Connection, kept?: Head, seen: (lines: number) => void = () => {}): Promise<Verdict> {
  return snapshot({ db, actor: operator }, async ctx => {
    const journal = await ctx.db.selectFrom('journal').select(['position', 'hash', 'pruned_to', 'pruned_hash']).executeTakeFirstOrThrow()
    let [last, hash, lines] = [journal.pruned_to, journal.pruned_hash, 0]
    const broken = async (at: number, why: string): Promise<Verdict> => ({ whole: false, at, line: await lineAt(ctx, at), why })
    for (let read = partSize; read === partSize;) {
      const found = await part(ctx, last, hash)
      if (found.broken !== null) return broken(found.broken, 'it, its reason or the line before it is not what was written, or a line before it is missing')
      if (found.last !== null && found.hash !== null) [last, hash] = [found.last, found.hash]
      read = found.lines
      lines += found.lines
      seen(lines)
    }
    if (last !== journal.position || !hash.equals(journal.hash)) return broken(last + 1, 'the lines end before the end that is noted, or with another one')
    if (journal.pruned_to > 0 && !await wasPruned(ctx, journal.pruned_to)) return broken(journal.pruned_to + 1, 'lines before it are gone, and none says that they were pruned')
    if (kept !== undefined && !await holdsHead(ctx, kept, { position: journal.pruned_to, hash: journal.pruned_hash.toString('hex') })) {
      return broken(kept.position, 'it is not the line of the head that was given')
    }
    return { whole: true, from: journal.pruned_to + 1, lines, head: { position: last, hash: hash.toString('hex') } }
  })
}

async function lineAt ({ db }: Ctx, id: number): Promise<string | null> {
  const line = await db.selectFrom('changes').select(['action', 'resource', 'at']).where('id', '=', id).executeTakeFirst()
  return line === undefined ? null : `${line.action} ${line.resource}, ${line.at}`
}

const wasPruned = async ({ db }: Ctx, to: number) => await db.selectFrom('changes').select('id')
  .where('action', '=', 'pruned').where(sql<boolean>`(counts ->> 'to')::bigint = ${to}`).limit(1).executeTakeFirst() !== undefined

/** What was pruned can be told only of the last line of it. */
async function holdsHead ({ db }: Ctx, { position, hash }: Head, pruned: Head): Promise<boolean> {
  if (position === pruned.position) return hash === pruned.hash
  const line = await db.selectFrom('changes').select('hash').where('id', '=', position).executeTakeFirst()
  return line?.hash.toString('hex') === hash
}

/** Drops lines, receipts, kept answers and records of reads from before the instant; null where there were none. */
export async function prune ({ db, actor, request_id }: WriteCtx, before: string, why: string): Promise<Record<string, number> | null> {
  const { rows: [done] } = await sql<{ counts: Record<string, number> | null }>`
    select prune(${before}::timestamptz, ${why}, ${actor.organisation}, ${actor.client}, ${actor.key}, ${request_id}) as counts`.execute(db)
  return done!.counts
}

export interface Sought { client?: string, organisation?: string, resource?: string, from?: string, to?: string }

/** In the words of the Data Protection Act 2018, section 62, as far as they fit; a change may be a disclosure too. */
const verbs = sql.raw(`case action when 'created' then 'collection' when 'imported' then 'collection' when 'published' then 'disclosure'
  when 'deleted' then 'erasure' when 'erased' then 'erasure' when 'pruned' then 'erasure' else 'alteration' end`)

export const entryColumns = ['at', 'verb', 'action', 'resource', 'version', 'organisation', 'client', 'key_id', 'request_id', 'reason', 'counts', 'id'] as const

export type Entry = Record<typeof entryColumns[number], unknown>

function entriesOf ({ client, organisation, resource, from, to }: Sought): RawBuilder<Entry> {
  const under = resource?.replace(/\/$/, '')
  const wanted = [
    ...(client === undefined ? [] : [sql`client = ${client}`]),
    ...(organisation === undefined ? [] : [sql`organisation = ${organisation}`]),
    ...(under === undefined ? [] : [sql`(resource = ${under} or starts_with(resource, ${`${under}/`}) or starts_with(resource, ${`${under}?`}))`]),
    ...(from === undefined ? [] : [sql`at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`at < ${to}::timestamptz`])
  ]
  return sql<Entry>`select instant_text(at) as at, verb, action, resource, version, organisation, client, key_id, request_id, reason, counts, id from (
      select at, ${verbs} as verb, action, resource, version, organisation, client, key_id, request_id, reason, counts, id
      from changes left join reasons using (id)
      union all
      select at, 'consultation', 'read', resource, null, organisation, client, key_id, request_id, what, null, null from accesses
    ) entries where ${sql.join([sql`true`, ...wanted], sql` and `)} order by entries.at, id`
}

/** Changes and recorded reads, oldest first, so many at a time. */
export async function entries (connection: Connection, sought: Sought, take: (entries: Entry[]) => Promise<void>): Promise<void> {
  await session(connection, db => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async db => {
    const query = entriesOf(sought).compile(db)
    await db.executeQuery({ ...query, sql: `declare entries cursor for ${query.sql}` })
    for (let read = partSize; read === partSize;) {
      const { rows } = await sql<Entry>`fetch ${sql.lit(partSize)} from entries`.execute(db)
      if (rows.length > 0) await take(rows)
      read = rows.length
    }
  }))
}
