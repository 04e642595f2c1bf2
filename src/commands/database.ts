// The commands that work on the database itself, and openapi, which needs none. Apart from the others, for they load the whole service.
import { readFile, writeFile } from 'node:fs/promises'
import { buildApp } from '../app.js'
import { loadConfig } from '../config.js'
import { operator } from '../db/actor.js'
import { connect, type Connection } from '../db/connection.js'
import { grant } from '../db/grants.js'
import { openDatabase, type Opened } from '../db/open.js'
import { write } from '../db/write.js'
import { exportBundle, loadBundle } from '../documents/load.js'
import { document } from '../http/openapi.js'
import { buildChecker, type Checker } from '../http/validation.js'
import { progress } from './progress.js'
import { explain, parse, remark, say, UsageError } from './usage.js'

export const commandLine = { actor: operator, request_id: 'command-line' }

export function migrate (args: string[]): Promise<void> {
  const { positionals: [surplus], values } = parse(args, { grant: { type: 'string' } })
  if (surplus !== undefined) throw new UsageError(`'${surplus}' is not understood.`)
  return withDatabase(async ({ migrated, connection }) => {
    say(migrated.length > 0 ? `Migrated: ${migrated.join(', ')}` : 'The database is up to date.')
    if (values.grant === undefined) return
    await grant(connection.db, values.grant as string)
    say(`The role ${values.grant as string} may serve, and no more.`)
  })
}

export async function withDatabase (work: (database: Opened) => Promise<void>, use: 'command' | 'upkeep' = 'command'): Promise<void> {
  const config = loadConfig(process.env)
  const database = await openDatabase(config, use)
  if (database.made && use === 'command') remark(`There was no database in ${config.dataDir}; an empty one was made. A service with another OUTTURN_DATA_DIR or DATABASE_URL knows nothing of it.`)
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

export async function load (args: string[]): Promise<void> {
  const { positionals: files } = parse(args, {})
  if (files.length === 0) throw new UsageError('load needs one file or more.')
  const check = buildChecker()
  await withDatabase(async ({ connection }) => {
    for (const [index, file] of files.entries()) {
      const at = `[${index + 1}/${files.length}] ${file}`
      const { plan, visibility, created, receipt } = await loadFile(connection, check, file, at)
      say(`${at}: ${plan} ${receipt.result === 'unchanged' ? 'unchanged' : created ? 'created' : 'updated'} (${Object.entries(receipt.sections).map(([name, counts]) => `${name} ${counts.created + counts.updated + counts.unchanged}`).join(', ')})`)
      if (visibility !== 'public') say(`  It is read with a key only: its visibility is ${visibility}.`)
      for (const { detail } of receipt.warnings) say(`  warning: ${detail}`)
    }
  })
}

async function loadFile (connection: Connection, check: Checker, file: string, at: string) {
  try {
    const text = await readFile(file, 'utf8')
    const loaded = await write(connection, commandLine, ctx => loadBundle(ctx, check, text, section => progress(`${at}: ${section}`)))
    return { ...loaded, ...await connection.db.selectFrom('plans').select('visibility').where('code', '=', loaded.plan).executeTakeFirstOrThrow() }
  } catch (error) {
    throw new Error(`${file}: ${explain(error as Error)}`, { cause: error })
  } finally {
    progress('')
  }
}

export async function exportPlan (args: string[]): Promise<void> {
  const { positionals: [plan, ...more], values } = parse(args, { out: { type: 'string' } })
  if (plan === undefined || more.length > 0) throw new UsageError('export needs the code of one plan.')
  await withDatabase(async ({ connection }) => emit(await exportBundle(connection.db, plan), values.out))
}

async function emit (text: string, file: unknown): Promise<void> {
  if (typeof file === 'string') await writeFile(file, text)
  else process.stdout.write(text)
}

export async function openapi (args: string[]): Promise<void> {
  const { values } = parse(args, { out: { type: 'string' } })
  const connection = connect('postgres://nowhere.invalid/none')
  const app = await buildApp({ connection })
  await app.ready()
  await emit(`${JSON.stringify(document(app), null, 2)}\n`, values.out)
  await app.close()
}
