// The journal as audit at the command line: texts erased, what is old pruned, and the whole verified and listed. These are for the
// role that owns the database; who may only serve may verify.
import Papa from 'papaparse'
import { entries, entryColumns, prune as pruneBefore, verify, type Entry, type Head } from '../db/journal.js'
import { write } from '../db/write.js'
import { erase as eraseTexts } from '../documents/erasure.js'
import { commandLine, withDatabase } from './database.js'
import { progress } from './progress.js'
import { parse, say, UsageError } from './usage.js'

const told = (counts: Record<string, number>) => Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ')

const insufficientPrivilege = '42501'

const asOwner = <T>(work: Promise<T>): Promise<T> => work.catch(error => {
  if ((error as { code?: string }).code !== insufficientPrivilege) throw error
  throw new Error('The role in DATABASE_URL may only serve. This is for the role that owns the database.', { cause: error })
})

export async function erase (args: string[]): Promise<void> {
  const { positionals: [path, ...more], values } = parse(args, { why: { type: 'string' }, member: { type: 'string', multiple: true } })
  const { why, member } = values as { why?: string, member?: string[] }
  if (path === undefined || more.length > 0) throw new UsageError('erase needs the path of one thing, such as /v1/plans/PLAN/updates/UPDATE.')
  if (why === undefined || why.trim() === '') throw new UsageError('erase needs --why TEXT: who asked and on what ground. It is journalled, so it must not repeat the text.')
  await withDatabase(async ({ connection }) => {
    const { resource, counts } = await asOwner(write(connection, commandLine, ctx => eraseTexts(ctx, path, why, member)))
    say(`Erased texts of ${resource}: ${told(counts)}.`)
  })
}

export async function prune (args: string[]): Promise<void> {
  const { positionals, values } = parse(args, { before: { type: 'string' }, why: { type: 'string' } })
  const { before, why = 'End of retention.' } = values as { before?: string, why?: string }
  if (before === undefined || positionals.length > 0) throw new UsageError('prune needs --before DATE: what is older is dropped.')
  const instant = instantIn('before', before)
  if (instant > new Date().toISOString()) throw new UsageError('--before is a day in the past.')
  await withDatabase(async ({ connection }) => {
    const counts = await asOwner(write(connection, commandLine, ctx => pruneBefore(ctx, instant, why)))
    say(counts === null ? `Nothing is older than ${before}.` : `Pruned what is older than ${before}: ${told(counts)}.`)
  })
}

export async function audit (args: string[]): Promise<number | void> {
  const [verb, ...others] = args
  if (verb === 'verify') return verifyJournal(others)
  if (verb === 'list') return list(others)
  throw new UsageError('The forms are: outturn audit verify, outturn audit list.')
}

async function verifyJournal (args: string[]): Promise<number> {
  const { positionals, values } = parse(args, { head: { type: 'string' } })
  if (positionals.length > 0) throw new UsageError(`'${positionals[0]!}' is not understood.`)
  const head = values.head === undefined ? undefined : headIn(values.head as string)
  let code = 0
  await withDatabase(async ({ connection }) => {
    const verdict = await verify(connection, head, lines => progress(`${lines} lines`)).finally(() => progress(''))
    if (verdict.whole) {
      say(`The journal is whole: ${verdict.lines} lines from ${verdict.from}. Keep its head elsewhere, and give it as --head the next time:`)
      say(`${verdict.head.position}:${verdict.head.hash}`)
    } else {
      say(`The journal is broken at line ${verdict.at}${verdict.line === null ? '' : ` (${verdict.line})`}: ${verdict.why}.`)
      code = 3
    }
  })
  return code
}

function headIn (text: string): Head {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (position === undefined) throw new UsageError('--head is the last line that verify said earlier, such as 1234:0f3c….')
  return { position: Number(position), hash: hash! }
}

async function list (args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { positionals, values } = parse(args, { client: text, organisation: text, resource: text, from: text, to: text, format: text })
  const { format = 'csv', from, to, ...others } = values as Record<string, string | undefined>
  if (positionals.length > 0) throw new UsageError(`'${positionals[0]!}' is not understood.`)
  if (format !== 'csv' && format !== 'ndjson') throw new UsageError('--format is csv or ndjson.')
  const sought = { ...others, ...(from && { from: instantIn('from', from) }), ...(to && { to: instantIn('to', to) }) }
  const line = format === 'csv' ? csvLine : (entry: Entry) => JSON.stringify(entry)
  await withDatabase(async ({ connection }) => {
    if (format === 'csv') say(entryColumns.join(','))
    await asOwner(entries(connection, sought, async some => say(some.map(line).join('\n'))))
  })
}

const csvLine = (entry: Entry) => Papa.unparse([entryColumns.map(name => name === 'counts' && entry.counts !== null ? JSON.stringify(entry.counts) : entry[name])],
  { escapeFormulae: true })

/** A day means its first moment in UTC. */
function instantIn (option: string, text: string): string {
  const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/.test(text) ? new Date(text) : new Date(NaN)
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(text.slice(0, 10))) throw new UsageError(`--${option} is a day such as 2026-01-31, or an instant such as 2026-01-31T09:00:00Z.`)
  return instant.toISOString()
}
