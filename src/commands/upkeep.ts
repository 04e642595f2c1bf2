// Backup and restore at the command line. The file is compressed, readable by its owner only, and has its name when it is whole.
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { backupOf, BackupError, restoreFrom } from '../db/backup.js'
import { verify } from '../db/journal.js'
import { migrate } from '../db/migrate.js'
import type { Opened } from '../db/open.js'
import { SectionedReader } from '../db/sectioned.js'
import { version } from '../http/openapi.js'
import { withDatabase } from './database.js'
import { progress } from './progress.js'
import { parse, say, UsageError } from './usage.js'

/** The database as it is, and the line of progress gone at the end. */
const asItIs = (work: (database: Opened) => Promise<void>) => withDatabase(database => work(database).finally(() => progress('')), 'upkeep')

function oneFile (command: string, args: string[]): string {
  const { positionals: [file, ...more] } = parse(args, {})
  if (file === undefined || more.length > 0) throw new UsageError(`${command} needs one file.`)
  return file
}

const told = (table: string, rows: number) => { progress(`${table}: ${rows} rows`) }

const sum = (counts: Record<string, number>) => `${Object.values(counts).reduce((a, b) => a + b, 0)} rows of ${Object.keys(counts).length} tables`

export async function backup (args: string[]): Promise<void> {
  const file = oneFile('backup', args)
  const part = `${file}.part`
  await asItIs(async ({ connection }) => {
    const counts: Record<string, number> = {}
    const stream = Readable.from(backupOf(connection, version, (table, rows) => {
      counts[table] = rows
      told(table, rows)
    }), { objectMode: false })
    try {
      await pipeline(stream, createGzip({ level: 4 }), createWriteStream(part, { mode: 0o600 }))
      await rename(part, file)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    say(`${file}: ${sum(counts)}, ${Math.ceil((await stat(file)).size / 1000)} kB. It holds figures as they are and hashes of keys: keep it as you keep the database.`)
  })
}

export async function restore (args: string[]): Promise<void> {
  const file = oneFile('restore', args)
  await asItIs(async ({ connection }) => {
    const unpacked = createGunzip()
    createReadStream(file).on('error', error => unpacked.destroy(error)).pipe(unpacked)
    const counts = await restoreFrom(connection, new SectionedReader(unpacked), told).catch(error => { throw readable(file, error as Error) })
    const migrated = await migrate(connection.db)
    const { whole } = await verify(connection)
    await connection.pool.query('analyze')
    say(`Restored ${sum(counts)}${migrated.length > 0 ? `, and migrated: ${migrated.join(', ')}` : ''}.`)
    if (!whole) throw new BackupError('All is restored, but the journal in the file is broken: outturn audit verify says where.')
  })
}

/** What the decompressor and the file system say, in words that name the file. */
function readable (file: string, error: Error): Error {
  const { code = '' } = error as { code?: string }
  if (code === 'ENOENT') return new BackupError(`There is no file ${file}.`)
  if (code.startsWith('Z_')) return new BackupError(`${file} is no backup of Outturn, or is damaged. Nothing was restored.`)
  return error instanceof BackupError ? error : new BackupError(`${file}: ${error.message} Nothing was restored.`, { cause: error })
}
