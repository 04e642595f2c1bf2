// The database that the settings name: the one of DATABASE_URL, or an embedded one of our own. One driver, one path.
import type { Config } from '../config.js'
import { connect, type Connection } from './connection.js'
import { openEmbedded, startEmbedded } from './embedded.js'
import { migrate } from './migrate.js'

export interface Opened {
  connection: Connection
  migrated: string[]
  /** The embedded database was made now. */
  made: boolean
  close (): Promise<void>
}

/** The service wants the embedded database to itself; a command also works beside a running service, and upkeep takes the database as it is. */
export async function openDatabase (config: Config, use: 'service' | 'command' | 'upkeep', log?: (line: string) => void): Promise<Opened> {
  const embedded = config.databaseUrl === null
    ? await (use === 'service' ? startEmbedded : openEmbedded)({ dataDir: config.dataDir, ...(log && { log }) })
    : null
  const url = config.databaseUrl ?? embedded!.url
  const connection = connect(url, use === 'service' ? { timeout: config.statementTimeout } : {})
  const close = async () => {
    await connection.close()
    await embedded?.stop()
  }
  try {
    return { connection, migrated: use === 'upkeep' ? [] : await migrateFirst(url), made: embedded?.first === true, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Over a connection of its own, for a migration may take long. */
async function migrateFirst (url: string): Promise<string[]> {
  const { db, close } = connect(url, { max: 2 })
  try {
    return await migrate(db)
  } finally {
    await close()
  }
}
