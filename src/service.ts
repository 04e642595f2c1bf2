// The running service: database, sample plans, first key, listener, and a graceful stop in the reverse order.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { destination } from 'pino'
import { buildApp } from './app.js'
import { root, type Config } from './config.js'
import { operator } from './db/actor.js'
import { connect, type Connection } from './db/connection.js'
import { openDatabase } from './db/open.js'
import { write } from './db/write.js'
import { loadBundle } from './documents/load.js'
import { limits } from './http/limits.js'
import { logger } from './http/log.js'
import { version } from './http/openapi.js'
import { buildChecker } from './http/validation.js'
import { makeFirst } from './resources/clients/keys.js'
import { applyStored } from './resources/disclosures/publish.js'

const drainTime = 10_000

const say = (line: string) => { process.stdout.write(`${line}\n`) }

export async function serve (config: Config): Promise<{ close (): Promise<void> }> {
  const log = logger(config.logLevel, destination(2))
  const database = await openDatabase(config, 'service', line => { log.info(line) })
  const { connection } = database
  let replica: Connection | null = null
  const close = async () => {
    await replica?.close()
    await database.close()
  }
  try {
    await write(connection, { actor: operator, request_id: 'disclosure-rules' }, applyStored)
    const loaded = config.sample ? await loadSample(connection) : []
    replica = config.readUrl === null ? null : connect(config.readUrl, { timeout: config.statementTimeout })
    const { adminKey, publicUrl, trustProxy, securityContact, rateLimit: requests, anonymousRateLimit: anonymous } = config
    const allowed = { ...limits, requests, anonymous }
    const app = await buildApp({ connection, replica, adminKey, publicUrl, trustProxy, securityContact, limits: allowed, log })
    const url = await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => { throw taken(error as NodeJS.ErrnoException) })
    // Only now, for a key is shown once: a start that fails before must not use it up.
    const key = config.adminKey === null ? await firstKey(connection) : null
    announce(url, loaded, key, config)
    return {
      close: async () => {
        // What a reader has not taken by then is cut off.
        const deadline = setTimeout(() => { app.server.closeAllConnections() }, drainTime)
        await app.close()
        clearTimeout(deadline)
        await close()
      }
    }
  } catch (error) {
    await close()
    throw error
  }
}

const taken = (error: NodeJS.ErrnoException & { address?: string, port?: number }) => error.code === 'EADDRINUSE'
  ? new Error(`${error.address!}:${error.port!} is in use by another program: stop that one first, or set PORT to another.`, { cause: error })
  : error

const firstKey = (connection: Connection) => write(connection, { actor: operator, request_id: 'first-start' }, makeFirst)

/** Processes that start together on one empty database load the samples once. */
const loadSample = (connection: Connection): Promise<string[]> => connection.db.connection().execute(async alone => {
  await sql`select pg_advisory_lock(hashtextextended('outturn sample', 0))`.execute(alone)
  try {
    return await loadMissing(connection)
  } finally {
    await sql`select pg_advisory_unlock(hashtextextended('outturn sample', 0))`.execute(alone)
  }
})

async function loadMissing (connection: Connection): Promise<string[]> {
  // No plan was ever held here: samples that someone deleted do not come back.
  const held = await connection.db.selectFrom('journal').select('position')
    .where(({ eb, exists, selectFrom }) => eb.or([eb('pruned_to', '>', 0), exists(selectFrom('changes').select('id').where('plan', 'is not', null))])).executeTakeFirst()
  if (held !== undefined) return []
  const folder = join(root, 'data')
  const files = (await readdir(folder)).filter(file => file.endsWith('.json')).sort()
  const check = buildChecker()
  // In one transaction: a start that is cut short leaves none of them, and the next one finds the database empty again.
  return write(connection, { actor: operator, request_id: 'sample-plans' }, async ctx => {
    const loaded: string[] = []
    for (const file of files) loaded.push((await loadBundle(ctx, check, await readFile(join(folder, file), 'utf8'))).plan)
    return loaded
  })
}

function announce (url: string, loaded: string[], key: string | null, config: Config): void {
  say(`Outturn ${version} is ready at ${url}`)
  say(`  Guides         ${url}/docs`)
  say(`  API reference  ${url}/docs/reference`)
  say(`  Plans to read  ${url}/`)
  say(`  Plans as data  ${url}/v1/plans`)
  if (loaded.length > 0) say(`  Sample plans loaded: ${loaded.join(', ')}`)
  if (key !== null) say(`  Admin key, shown only this once: ${key}`)
  else if (config.adminKey !== null) say('  Admin key: the one in OUTTURN_ADMIN_KEY')
  else say('  Admin key: shown at the first start; "npx outturn key create" makes another')
}
