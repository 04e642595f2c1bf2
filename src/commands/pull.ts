// outturn pull: keeps a file of figures like the service's. The first run walks all pages and can be broken off at any
// point; later runs fetch what changed and merge it in.
import { loadClientConfig } from '../config.js'
import { progress } from './progress.js'
import { finish } from './pull_changes.js'
import { StartOver, type Job } from './pull_pages.js'
import { locked, readState, type State } from './pull_state.js'
import { fresh, walk } from './pull_walk.js'
import { Refusal } from './remote.js'
import { parse, remark, say, stoppable, Stopped, UsageError, wholeNumber } from './usage.js'

const filters = ['measure', 'area', 'within', 'plan', 'period', 'period-kind', 'from', 'to', 'breakdown', 'statistic', 'status', 'provider'] as const
const flags = ['latest', 'titles'] as const

const options = Object.fromEntries([
  ...['out', 'format', 'retries', 'url', 'key-file', ...filters].map(name => [name, { type: 'string' as const }]),
  ...['full', ...flags].map(name => [name, { type: 'boolean' as const }])
])

export async function pull (args: string[]): Promise<number> {
  const { positionals: [surplus], values } = parse(args, options)
  const { out: file, url, retries = '5', 'key-file': keyFile, format = file?.endsWith('.ndjson') ? 'ndjson' : 'csv' } = values as Record<string, string>
  if (surplus !== undefined) throw new UsageError(`'${surplus}' is not understood; filters are options, such as --measure ${surplus}.`)
  if (file === undefined || file === '') throw new UsageError('pull needs --out FILE.')
  if (format !== 'csv' && format !== 'ndjson') throw new UsageError('--format is csv or ndjson.')
  const named = [...filters, ...flags].filter(name => values[name] !== undefined)
  const query = Object.fromEntries(named.map(name => [name.replace('-', '_'), String(values[name])]))
  const config = { ...loadClientConfig({ url, keyFile }), retries: wholeNumber('retries', retries) }
  return stoppable(async signal => {
    const job: Job = { remote: { ...config, signal }, file, format, query }
    try {
      const { rows, changed } = await locked(file, () => run(job, values.full === true))
      say(`${file}: ${rows} ${rows === 1 ? 'row' : 'rows'}, ${changed === null ? 'pulled whole' : changed === 0 ? 'nothing changed' : `${changed} changed`}`)
      return 0
    } catch (error) {
      throw error instanceof Stopped ? new Stopped(`${file}: stopped; the same command goes on from here.`) : error
    } finally {
      progress('')
    }
  })
}

interface Pulled { rows: number, changed: number | null }

async function run (job: Job, full: boolean): Promise<Pulled> {
  const { file, format, query, remote: { url } } = job
  const known = full ? undefined : await readState(file, { url, query, format })
  try {
    if (typeof known === 'string') throw new StartOver(known)
    if (known !== undefined) return await goOn(job, known)
  } catch (error) {
    const expired = error instanceof Refusal && error.status === 410
    if (!(error instanceof StartOver) && !expired) throw error
    progress('')
    remark(`${file}: starting over: ${expired ? 'the service no longer knows where the last run was' : error.message}.`)
  }
  return whole(job, fresh(job))
}

async function goOn (job: Job, state: State): Promise<Pulled> {
  if (!state.complete) return whole(job, state)
  return job.query.latest === undefined ? finish(job, state) : whole(job, fresh(job))
}

const tries = 3

async function whole (job: Job, from: State): Promise<Pulled> {
  let { state, settled } = await walk(job, from)
  // What is latest cannot be topped up, so it is read again where it may have changed between two pages.
  for (let n = 1; job.query.latest !== undefined && !settled && n < tries; n++) ({ state, settled } = await walk(job, fresh(job)))
  if (job.query.latest !== undefined && !settled) remark(`${job.file}: figures were written while it was read ${tries} times; its pages may differ by those.`)
  return { rows: (await finish(job, state)).rows, changed: null }
}
