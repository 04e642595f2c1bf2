// Keys: made, hashed, recognised. The secret is 256 random bits, so one round of SHA-256 is enough to store it; the
// checksum tells a mistyped key from an unknown one without asking the database.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import type { Actor, Role } from '../../db/actor.js'
import type { Ctx, Db } from '../../db/connection.js'
import type { WriteCtx } from '../../db/write.js'
import { problem } from '../../problems.js'

const form = /^ot_(live|feed)_([0-9a-f]{12})_([0-9a-f]{64})([0-9a-f]{8})$/

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0')
const hash = (text: string) => createHash('sha256').update(text).digest()

export interface MadeKey { id: string, kind: 'standard' | 'feed', key: string, expires_at: string }

export async function make (ctx: WriteCtx, client: string, kind: 'standard' | 'feed', expires: string | undefined): Promise<MadeKey> {
  await requireClient(ctx, client, true)
  const id = randomBytes(6).toString('hex')
  const head = `ot_${kind === 'feed' ? 'feed' : 'live'}_${id}_${randomBytes(32).toString('hex')}`
  const key = head + checksum(head)
  const { rows: [limits] } = await sql<{ live: number, fits: boolean, expires_at: string }>`
    select (select count(*) from keys where client = ${client} and expires_at > now()) as live,
      coalesce(${expires ?? null}::timestamptz, now() + interval '12 months') as expires_at,
      coalesce(${expires ?? null}::timestamptz, now() + interval '12 months') between now() and now() + interval '12 months' as fits`.execute(ctx.db)
  const { live, fits, expires_at } = limits!
  if (!fits) throw problem('unprocessable', 'A key lives for at most 12 months from now.', { errors: [{ pointer: '/expires_at', code: 'out_of_range', detail: 'A key lives for at most 12 months from now.' }] })
  if (live >= 2) throw problem('conflict', `The client '${client}' has two live keys already, as many as a rotation needs. Revoke one first.`)
  await ctx.db.insertInto('keys').values({ id, client, kind, secret_hash: hash(key), expires_at }).execute()
  ctx.journal({ action: 'created', resource: `/v1/clients/${client}/keys/${id}`, visibility: 'private' })
  return { id, kind, key, expires_at }
}

async function requireClient (ctx: Ctx, client: string, lock: boolean): Promise<void> {
  const query = ctx.db.selectFrom('clients').select('code').where('code', '=', client)
  const found = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (found === undefined) throw problem('not_found', `There is no client '${client}'.`)
}

export async function ofClient (ctx: Ctx, client: string) {
  await requireClient(ctx, client, false)
  return ctx.db.selectFrom('keys').select(['id', 'kind', 'created_at', 'expires_at', 'last_used_on'])
    .where('client', '=', client).orderBy('created_at').orderBy('id').execute()
}

export async function revoke (ctx: WriteCtx, client: string, id: string): Promise<void> {
  await requireClient(ctx, client, true)
  const { numDeletedRows } = await ctx.db.deleteFrom('keys').where('client', '=', client).where('id', '=', id).executeTakeFirst()
  if (numDeletedRows === 0n) throw problem('not_found', `The client '${client}' has no key '${id}'.`)
  ctx.journal({ action: 'deleted', resource: `/v1/clients/${client}/keys/${id}`, visibility: 'private' })
}

/** The actor of a key, or null. The bootstrap key is a setting and stands in no table. */
export function authenticator (db: Db, adminKey: string | null): (key: string) => Promise<Actor | null> {
  const bootstrap = adminKey === null ? null : hash(adminKey)
  return async key => {
    if (bootstrap !== null && timingSafeEqual(hash(key), bootstrap)) return { client: 'bootstrap', organisation: null, role: 'admin', key: 'bootstrap' }
    const [, , id, , sum] = form.exec(key) ?? []
    if (id === undefined || checksum(key.slice(0, -8)) !== sum) return null
    const row = await db.selectFrom('keys').innerJoin('clients', 'clients.code', 'keys.client')
      .select(['keys.secret_hash', 'keys.kind', 'clients.code', 'clients.organisation', 'clients.role', sql<boolean>`last_used_on is distinct from current_date`.as('first_today')])
      .where('keys.id', '=', id).where('keys.expires_at', '>', sql<string>`now()`).executeTakeFirst()
    if (row === undefined || !timingSafeEqual(row.secret_hash, hash(key))) return null
    if (row.first_today) await db.updateTable('keys').set({ last_used_on: sql`current_date` }).where('id', '=', id).execute()
    return { client: row.code, organisation: row.organisation, role: row.kind === 'feed' ? 'reader' : row.role as Role, key: id }
  }
}

/** Makes the first administrator with a key, where the service has no key at all yet. */
export async function makeFirst (ctx: WriteCtx): Promise<string | null> {
  await sql`lock table keys in share row exclusive mode`.execute(ctx.db)
  if (await ctx.db.selectFrom('keys').select('id').limit(1).executeTakeFirst() !== undefined) return null
  await ctx.db.insertInto('clients').values({ code: 'admin', role: 'admin', title: 'First administrator' }).onConflict(c => c.doNothing()).execute()
  ctx.journal({ action: 'created', resource: '/v1/clients/admin', version: 1, visibility: 'private' })
  return (await make(ctx, 'admin', 'standard', undefined)).key
}

export const expiry = async (ctx: Ctx, id: string | null): Promise<string | null> =>
  (await ctx.db.selectFrom('keys').select('expires_at').where('id', '=', id ?? '').executeTakeFirst())?.expires_at ?? null
