// A POST sent again with its Idempotency-Key gets its first answer. The answer is kept in the transaction of its
// effect, so there is never one without the other.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Problem, problem } from '../problems.js'
import type { Connection } from './connection.js'
import { write, type Origin, type WriteCtx } from './write.js'

/** An answer as data, so that it can be kept and given again. */
export interface Answer { status: number, headers?: Record<string, string>, body?: unknown }

export interface Attempt { key: string, request: { method: string, url: string, body: unknown } }

const kept = new Set([200, 201, 409, 422])

export async function writeOnce (
  connection: Connection,
  origin: Origin,
  attempt: Attempt | null,
  work: (ctx: WriteCtx) => Promise<Answer>
): Promise<Answer> {
  if (attempt === null) return write(connection, origin, work)
  const client = origin.actor.client ?? ''
  const fingerprint = createHash('sha256').update(JSON.stringify(attempt.request)).digest()
  return write(connection, origin, async ctx => {
    await claim(ctx, client, attempt.key)
    await ctx.db.deleteFrom('idempotency_keys').where('at', '<', sql<string>`now() - interval '7 days'`).execute()
    const first = await ctx.db.selectFrom('idempotency_keys').selectAll()
      .where('client', '=', client).where('key', '=', attempt.key).executeTakeFirst()
    if (first !== undefined) {
      if (!first.fingerprint.equals(fingerprint)) throw problem('idempotency_mismatch', `The key '${attempt.key}' was sent with another request before. Use a new key.`)
      return { status: first.status, headers: { ...first.headers as Record<string, string>, 'idempotent-replayed': 'true' }, body: JSON.parse(first.body) as unknown }
    }
    const answer = await attemptOnce(ctx, attempt.request.url, work)
    if (kept.has(answer.status)) {
      await ctx.db.insertInto('idempotency_keys')
        .values({
          client,
          key: attempt.key,
          fingerprint,
          status: answer.status,
          headers: JSON.stringify(answer.headers ?? {}),
          body: JSON.stringify(answer.body ?? null)
        })
        .execute()
    }
    return answer
  })
}

/** Held until the commit; whoever comes meanwhile is told to come again. */
async function claim (ctx: WriteCtx, client: string, key: string): Promise<void> {
  const { rows } = await sql<{ free: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${`${client} ${key}`}, 0)) as free`.execute(ctx.db)
  if (!rows[0]!.free) throw problem('conflict', `A request with the key '${key}' is still running. Repeat it.`, { headers: { 'retry-after': '1' } })
}

/** A refusal is an answer too: its effects are undone, and it is kept. */
async function attemptOnce (ctx: WriteCtx, url: string, work: (ctx: WriteCtx) => Promise<Answer>): Promise<Answer> {
  await sql`savepoint attempt`.execute(ctx.db)
  try {
    return await work(ctx)
  } catch (error) {
    if (!(error instanceof Problem) || !kept.has(error.status)) throw error
    await sql`rollback to savepoint attempt`.execute(ctx.db)
    ctx.forget()
    return { status: error.status, headers: { ...error.options.headers, 'content-type': 'application/problem+json' }, body: error.body(url) }
  }
}
