#!/usr/bin/env node
// The command line: outturn serve | migrate | load | export | key | openapi.
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { buildApp } from './app.js'
import { ConfigError, loadConfig } from './config.js'
import { operator, type Role, roles } from './db/actor.js'
import { connect, type Connection } from './db/connection.js'
import { openDatabase, type Opened } from './db/open.js'
import { put } from './db/records.js'
import { write } from './db/write.js'
import { exportBundle, loadBundle } from './documents/load.js'
import { document } from './http/openapi.js'
import { buildChecker, type Checker } from './http/validation.js'
import { Problem } from './problems.js'
import { make } from './resources/clients/keys.js'
import { clients } from './resources/clients/kind.js'

const usage = `outturn COMMAND

  serve                          run the service
  migrate                        bring the database to this release's form
  load FILE...                   load plans from bundles; each file wholly or not at all
  export PLAN [--out FILE]       write a plan as a bundle
  key create [--client CODE] [--role ROLE] [--organisation CODE] [--title TEXT] [--feed]
                                 make a key; the client is made where it is new
  openapi [--out FILE]           write the OpenAPI document; needs no database

The database is the one of DATABASE_URL, or the embedded one in OUTTURN_DATA_DIR.
Exit codes: 0 done, 1 failed, 2 wrong usage or settings.
`

const commandLine = { actor: operator, request_id: 'command-line' }

class UsageError extends Error {}

const say = (text: string) => { process.stdout.write(`${text}\n`) }

const commands: Record<string, (args: string[]) => Promise<void>> = {
  serve: async args => {
    nothing(args)
    await import('./main.js')
  },
  migrate: args => {
    nothing(args)
    return withDatabase(async ({ migrated }) => say(migrated.length > 0 ? `Migrated: ${migrated.join(', ')}` : 'The database is up to date.'))
  },
  load,
  export: exportPlan,
  key,
  openapi
}

async function withDatabase (work: (database: Opened & { connection: Connection }) => Promise<void>): Promise<void> {
  const database = await openDatabase(loadConfig(process.env), 'command')
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

function nothing (args: string[]): void {
  const [surplus] = parse(args, {}).positionals
  if (surplus !== undefined) throw new UsageError(`'${surplus}' is not understood.`)
}

/** One line that is rewritten on a terminal, plain lines elsewhere. */
const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

async function load (args: string[]): Promise<void> {
  const { positionals: files } = parse(args, {})
  if (files.length === 0) throw new UsageError('load needs one file or more.')
  const check = buildChecker()
  await withDatabase(async ({ connection }) => {
    for (const [index, file] of files.entries()) {
      const at = `[${index + 1}/${files.length}] ${file}`
      const { plan, created, receipt } = await loadFile(connection, check, file, at)
      say(`${at}: ${plan} ${receipt.result === 'unchanged' ? 'unchanged' : created ? 'created' : 'updated'} (${Object.entries(receipt.sections).map(([name, counts]) => `${name} ${counts.created + counts.updated + counts.unchanged}`).join(', ')})`)
      for (const { detail } of receipt.warnings) say(`  warning: ${detail}`)
    }
  })
}

async function loadFile (connection: Connection, check: Checker, file: string, at: string) {
  try {
    const text = await readFile(file, 'utf8')
    return await write(connection, commandLine, ctx => loadBundle(ctx, check, text, section => progress(`${at}: ${section}`)))
  } catch (error) {
    throw new Error(`${file}: ${explain(error as Error)}`, { cause: error })
  } finally {
    progress('')
  }
}

async function exportPlan (args: string[]): Promise<void> {
  const { positionals: [plan, ...more], values } = parse(args, { out: { type: 'string' } })
  if (plan === undefined || more.length > 0) throw new UsageError('export needs the code of one plan.')
  await withDatabase(async ({ connection }) => emit(await exportBundle(connection.db, plan), values.out))
}

async function emit (text: string, file: unknown): Promise<void> {
  if (typeof file === 'string') await writeFile(file, text)
  else process.stdout.write(text)
}

async function key (args: string[]): Promise<void> {
  const { positionals: [verb, ...more], values } = parse(args, {
    client: { type: 'string' }, role: { type: 'string' }, organisation: { type: 'string' }, title: { type: 'string' }, feed: { type: 'boolean' }
  })
  if (verb !== 'create' || more.length > 0) throw new UsageError('The only form is: outturn key create.')
  const { client = 'admin', organisation, title, feed, role } = values as Record<string, string | undefined>
  if (role !== undefined && !roles.includes(role as Role)) throw new UsageError(`A role is one of ${roles.join(', ')}.`)
  await withDatabase(async ({ connection }) => {
    const made = await write(connection, commandLine, async ctx => {
      const known = await ctx.db.selectFrom('clients').select('code').where('code', '=', client).executeTakeFirst()
      if (known === undefined) await put(ctx, clients, null, client, { role: role ?? (client === 'admin' ? 'admin' : 'reader'), title: title ?? client, organisation }, {})
      else if (role !== undefined || organisation !== undefined) throw new UsageError(`The client '${client}' exists; change its role or organisation with PATCH /v1/clients/${client}.`)
      return make(ctx, client, feed ? 'feed' : 'standard', undefined)
    })
    process.stderr.write(`Key of the client '${client}', valid until ${made.expires_at}. It is shown only this once:\n`)
    say(made.key)
  })
}

async function openapi (args: string[]): Promise<void> {
  const { values } = parse(args, { out: { type: 'string' } })
  const connection = connect('postgres://nowhere.invalid/none')
  const app = await buildApp({ connection })
  await app.ready()
  await emit(`${JSON.stringify(document(app), null, 2)}\n`, values.out)
  await app.close()
}

function parse (args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const explain = (error: Error) => error instanceof Problem
  ? [error.message, ...(error.options.errors ?? []).map(({ pointer, detail }) => `  ${pointer}: ${detail}`)].join('\n')
  : error.message

const [name = '', ...args] = process.argv.slice(2)
try {
  const command = commands[name]
  if (['help', '--help', '-h'].includes(name)) say(usage)
  else if (command === undefined) throw new UsageError(name === '' ? 'Which command?' : `There is no command '${name}'.`)
  else await command(args)
} catch (error) {
  process.stderr.write(`${explain(error as Error)}\n${error instanceof UsageError ? `\n${usage}` : ''}`)
  process.exitCode = error instanceof UsageError || error instanceof ConfigError ? 2 : 1
}
