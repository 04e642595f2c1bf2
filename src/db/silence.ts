// A database that neither answers nor goes away: paused, behind a wire that swallows, or with a connection that somebody on the
// way has forgotten. No limit inside of the database ends such a wait, so connections are watched from here.
import type { Socket } from 'node:net'
import pg from 'pg'

/** Milliseconds without a word, after which the database is asked about the connection; and so long it has to answer. */
const patience = 5000

/** Ends connections that wait for an answer which will not come; one whose statement takes long is left alone. */
export function endSilent (pool: pg.Pool): void {
  pool.on('connect', client => {
    const { processID: pid, connection: { stream } } = client as unknown as { processID: number, connection: { stream: Socket } }
    // Not by listening for data: a COPY takes the stream for itself, and its reader may be slow.
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    let before = -1
    stream.write = (...args: unknown[]) => {
      before = stream.bytesRead
      return write(...args)
    }
    const waits = () => stream.bytesRead === before
    stream.on('timeout', () => {
      void (waits() ? isLost(pool, pid, waits) : Promise.resolve(false)).then(lost => {
        if (lost) stream.destroy(Object.assign(new Error('The database has fallen silent.'), { code: 'ETIMEDOUT' }))
        else stream.setTimeout(patience)
      })
    })
    stream.setTimeout(patience)
  })
}

/** Not one that has only just become so: its answer may be on the way. */
const idleFor = `select from pg_stat_activity where pid = $1 and application_name = 'outturn'
  and state like 'idle%' and state_change < clock_timestamp() - $2 * interval '1 millisecond'`

/**
 * Whether nothing is to be waited for: the database cannot be asked, or has itself been waiting for a while. Then its side is ended
 * as well, for its transaction would hold what it has locked. A pooler in between knows nothing of the process.
 */
async function isLost ({ options }: pg.Pool, pid: number, waits: () => boolean): Promise<boolean> {
  const client = new pg.Client({ connectionString: options.connectionString, connectionTimeoutMillis: patience, query_timeout: patience })
  client.on('error', () => {})
  try {
    await client.connect()
    const idle = await client.query(idleFor, [pid, patience / 2])
    if (idle.rowCount === 0 || !waits()) return false
    await client.query('select pg_terminate_backend($1)', [pid])
    return true
  } catch (error) {
    // Whoever refuses is there.
    return waits() && (error as { severity?: string }).severity === undefined
  } finally {
    void client.end().catch(() => {})
  }
}
