// Keys: made, hashed, recognised. The secret is 256 random bits, so one round of SHA-256 is enough to store it; the
// checksum tells a mistyped key from an unknown one without asking the database.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import type { Role } from '../../db/actor.js'
import type { Ctx, Db } from '../../db/connection.js'
import type { WriteCtx } from '../../db/write.js'
import type { Authenticator } from '../../http/access.js'
import { keyForm } from '../../http/secrets.js'
import { problem } from '../../problems.js'

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0')
const digest = (text: string) => hash('sha256', text, 'buffer')

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
  if (!fits) throw problem('unprocessable', 'A key ends in the future, at most 12 months from now.', { errors: [{ pointer: '/expires_at', code: 'out_of_range', detail: 'A key ends in the future, at most 12 months from now.' }] })
  if (live >= 2) throw problem('conflict', `The client '${client}' has two live keys already, as many as a rotation needs. Revoke one first.`)
  await ctx.db.insertInto('keys').values({ id, client, kind, secret_hash: digest(key), expires_at }).execute()
  ctx.journal({ action: 'created', resource: `/v1/clients/${client}/keys/${id}`, visibility: 'private' })
  return { id, kind, key, expires_at }
}

async function requireClient (ctx: Ctx, client: string, lock: boolean): Promise<void> {
  const query = ctx.db.selectFrom('clients').select('code').where('code', '=', client)
  const found = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (found === undefined) throw problem('not_found', `There is no client '${client}'.`)
}

const listed = ({ db }: Ctx) => db.selectFrom('keys').select(['id', 'kind', 'created_at', 'expires_at', 'last_used_on']).orderBy('created_at').orderBy('id')

export async function ofClient (ctx: Ctx, client: string) {
  await requireClient(ctx, client, false)
  return listed(ctx).where('client', '=', client).execute()
}

/** Of every client, for the operator. */
export const ofAll = (ctx: Ctx) => listed(ctx).select('client').execute()

export async function clientOf ({ db }: Ctx, id: string): Promise<string> {
  const found = await db.selectFrom('keys').select('client').where('id', '=', id).executeTakeFirst()
  if (found === undefined) throw problem('not_found', `There is no key '${id}'.`)
  return found.client
}

export async function revoke (ctx: WriteCtx, client: string, id: string): Promise<void> {
  await requireClient(ctx, client, true)
  const { numDeletedRows } = await ctx.db.deleteFrom('keys').where('client', '=', client).where('id', '=', id).executeTakeFirst()
  if (numDeletedRows === 0n) throw problem('not_found', `The client '${client}' has no key '${id}'.`)
  ctx.journal({ action: 'deleted', resource: `/v1/clients/${client}/keys/${id}`, visibility: 'private' })
}

/** Keys that were good here, remembered by their ids: as many as a service has at all. */
const mostKnown = 10_000

/** What no key has the hash of. */
const nobodys = randomBytes(32)

/**
 * Revoking, expiring and a changed role count at once in every process, for the database is asked with each request. An id that
 * nobody has costs what a known one with a wrong secret does: one hash, one look-up, one comparison.
 */
export function authenticator (db: Db, adminKey: string | null, replicated: boolean): Authenticator {
  const bootstrap = adminKey === null ? null : digest(adminKey)
  const known = new Map<string, Buffer>()
  const isBootstrap = (sent: Buffer) => bootstrap !== null && timingSafeEqual(sent, bootstrap)
  const isKnown = (id: string | undefined, sent: Buffer) => timingSafeEqual(known.get(id ?? '') ?? nobodys, sent)
  return {
    isKnown: key => {
      const sent = digest(key)
      return isBootstrap(sent) || isKnown(idOf(key), sent)
    },
    actorOf: async key => {
      const sent = digest(key)
      // It is a setting and stands in no table.
      if (isBootstrap(sent)) return { client: 'bootstrap', organisation: null, role: 'admin', key: 'bootstrap' }
      const id = idOf(key)
      if (id === undefined) return null
      const row = await find(db, id, replicated)
      const same = timingSafeEqual(row?.secret_hash ?? nobodys, sent)
      if (row === undefined || !same) {
        if (isKnown(id, sent)) known.delete(id)
        return null
      }
      if (known.size === mostKnown && !known.has(id)) known.delete(known.keys().next().value!)
      known.set(id, sent)
      if (row.first_today) await db.updateTable('keys').set({ last_used_on: sql`current_date` }).where('id', '=', id).execute()
      return { client: row.code, organisation: row.organisation, role: row.kind === 'feed' ? 'reader' : row.role as Role, key: id, wrote: row.wrote }
    }
  }
}

/** The id of what has the form of a key and its checksum. */
function idOf (key: string): string | undefined {
  const [, , id, sum] = keyForm.exec(key) ?? []
  return sum === checksum(key.slice(0, -8)) ? id : undefined
}

/** The last change is looked for only where there is a replica that might not have it. */
const find = (db: Db, id: string, replicated: boolean) => db.selectFrom('keys').innerJoin('clients', 'clients.code', 'keys.client')
  .select(['keys.secret_hash', 'keys.kind', 'clients.code', 'clients.organisation', 'clients.role', sql<boolean>`last_used_on is distinct from current_date`.as('first_today'),
    (replicated ? sql<number>`coalesce((select max(id) from changes where changes.client = clients.code), 0)` : sql<number>`0`).as('wrote')])
  .where('keys.id', '=', id).where('keys.expires_at', '>', sql<string>`now()`).executeTakeFirst()

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
