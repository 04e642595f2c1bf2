#!/usr/bin/env node
// The command line: outturn serve | migrate | load | export | key | erase | prune | audit | backup | restore | openapi on the
// database, import | pull as clients.
import { explain, nothing, say, UsageError } from './commands/usage.js'
import { ConfigError } from './config.js'

const usage = `outturn COMMAND

  serve                          run the service
  migrate [--grant ROLE]         bring the database to this release's form; let another role serve from it
  load FILE...                   load plans from bundles; each file wholly or not at all
  export PLAN [--out FILE]       write a plan as a bundle
  key create [--client CODE] [--role ROLE] [--organisation CODE] [--title TEXT] [--feed] [--expires-at INSTANT]
                                 make a key; the client is made where it is new
  key list [--client CODE]       list keys without their secrets: id, client, kind, until when, last used
  key revoke ID...               end keys at once
  erase PATH --why TEXT [--member NAME]...
                                 take the texts out of one thing and of all that is kept of its past
  prune --before DATE [--why TEXT]
                                 drop journal, receipts and records of reads from before that day
  audit verify [--head HEAD]     hold the journal against its hashes
  audit list [--client CODE] [--organisation CODE] [--resource PATH] [--from DATE] [--to DATE] [--format csv|ndjson]
                                 list who did and who read what
  backup FILE                    write all that the database holds into a file, while the service runs
  restore FILE                   fill an empty database from such a file: also the way from the embedded one to PostgreSQL
  openapi [--out FILE]           write the OpenAPI document; needs no database

  import FILE... [--mode atomic|partial] [--dry-run] [--format csv|ndjson|json|xlsx] [--rejected FILE] [--json] [--again]
                                 send files of figures to a running service
  pull --out FILE [--format csv|ndjson] [--full] [--measure CODES] [--area CODES] [--within AREA] [--plan PLAN]
       [--period CODES] [--period-kind KINDS] [--from DATE] [--to DATE] [--breakdown TEXT] [--statistic NAMES]
       [--status NAMES] [--provider CODES] [--latest] [--titles]
                                 keep a file of figures like those of a running service

The database is the one of DATABASE_URL, or the embedded one in OUTTURN_DATA_DIR.
import and pull go to the service of OUTTURN_URL or --url URL, with the key in OUTTURN_KEY or --key-file FILE, and
repeat what fails for the moment up to --retries 5 times.
Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 rows were rejected, or the journal is broken.
`

/** A command answers its exit code where it is not 0. Each is loaded when it runs: a client needs nothing of the service. */
const commands: Record<string, (args: string[]) => Promise<number | void>> = {
  serve: async args => {
    nothing(args)
    await import('./main.js')
  },
  migrate: async args => (await database()).migrate(args),
  load: async args => (await database()).load(args),
  export: async args => (await database()).exportPlan(args),
  erase: async args => (await audit()).erase(args),
  prune: async args => (await audit()).prune(args),
  audit: async args => (await audit()).audit(args),
  key: async args => (await import('./commands/keys.js')).key(args),
  backup: async args => (await upkeep()).backup(args),
  restore: async args => (await upkeep()).restore(args),
  openapi: async args => (await database()).openapi(args),
  import: async args => (await import('./commands/import.js')).importFiles(args),
  pull: async args => (await import('./commands/pull.js')).pull(args)
}

const database = () => import('./commands/database.js')
const audit = () => import('./commands/audit.js')
const upkeep = () => import('./commands/upkeep.js')

const [name = '', ...args] = process.argv.slice(2)
try {
  const command = commands[name]
  if (['help', '--help', '-h'].includes(name)) say(usage)
  else if (command === undefined) throw new UsageError(name === '' ? 'Which command?' : `There is no command '${name}'.`)
  else process.exitCode = await command(args) ?? 0
} catch (error) {
  process.stderr.write(`${explain(error as Error)}\n${error instanceof UsageError ? `\n${usage}` : ''}`)
  process.exitCode = error instanceof UsageError || error instanceof ConfigError ? 2 : 1
}
