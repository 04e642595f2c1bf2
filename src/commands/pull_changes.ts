// The end of a first walk, and the whole of a later run: what changed since, merged in, so that the file ends as one state.
import { rename, rm } from 'node:fs/promises'
import { merge, type Changes } from './merge.js'
import { bar, progress } from './progress.js'
import { holdColumns, readPage, StartOver, type Job } from './pull_pages.js'
import { edited } from './pull_edits.js'
import { length, names, saveState, type State } from './pull_state.js'
import { keyOfRow, recordOf, type Row } from './row_text.js'

/** Changes that are held in memory at once. */
const batchSize = 20_000

export interface Finished { rows: number, changed: number }

export async function finish (job: Job, state: State): Promise<Finished> {
  const { file, part, merged } = names(job.file)
  let path = state.complete ? file : part
  let [rows, changed, since] = [state.rows, 0, state.changed_since]
  for await (const { at, changes } of batches(job, state)) {
    since = at
    const to = path === merged[0] ? merged[1] : merged[0]
    progress(`merging ${changes.size} changes into ${job.file}…`)
    const result = await merge(path, to, job.format, state.columns, changes)
    rows = result.rows
    changed += result.changed
    if (result.changed > 0) path = to
  }
  if (state.complete) await hold(job, state, { rows, since })
  if (path !== file) await rename(path, file)
  const edits = state.complete ? since : state.edits_since
  const reached = { changed_since: since, edits_since: edits, next_cursor: null, bytes: await length(file), rows, total: rows, complete: true }
  await saveState(job.file, { ...state, ...reached })
  for (const left of [part, ...merged]) await rm(left, { force: true })
  return { rows, changed }
}

/** What changed since, in as many groups as memory needs; the first answer's bookmark is the one to go on from. */
async function * batches (job: Job, state: State): AsyncGenerator<{ at: string, changes: Changes }> {
  // What is latest is decided by other figures too, so it is no matter of changes.
  if (job.query.latest !== undefined) return
  const { status, provider, ...query } = job.query
  // These two can change, and a row that no longer has them must go: so they are asked of each row here.
  const selected = (row: Row) => row.deleted !== true && among(status, row.status) && among(provider, row.provider)
  const record = recordOf(job.format, state.columns)
  let [cursor, at, done, total]: [string | null, string, number, number] = ['', '', 0, 0]
  let changes: Changes = new Map()
  while (cursor !== null) {
    const place: Record<string, string> = cursor === '' ? { count: 'true' } : { cursor }
    const page = await readPage(job, { ...query, changed_since: state.changed_since, include_deleted: 'true', limit: '1000', ...place })
    if (cursor === '') [at, total] = [page.at, page.total ?? 0]
    if (state.complete && total > batchSize && total > state.rows / 2) throw new StartOver('most of it has changed')
    holdColumns(page.items, state.columns)
    for (const row of page.items) changes.set(keyOfRow(row), selected(row) ? record(row) : null)
    done += page.items.length
    if (total > 1000) bar(done, total, `${done} of ${total} changes  ${job.file}`)
    cursor = page.next_cursor
    if (cursor !== null && changes.size < batchSize) continue
    yield { at, changes }
    changes = new Map()
  }
}

const among = (list: string | undefined, value: unknown) => list === undefined || list.split(',').includes(value as string)

/** Whether changes of figures were enough to make the file what a whole pull would give. */
async function hold (job: Job, state: State, { rows, since }: { rows: number, since: string }): Promise<void> {
  const edit = await edited(job, state.edits_since)
  if (edit !== null) throw new StartOver(edit)
  // What a caller may see can change without a trace in what it may read. Comparable only where nothing was written in between.
  const { total, at } = await readPage(job, { ...job.query, limit: '1', count: 'true' })
  if (at === since && total !== rows) throw new StartOver(`it has ${rows} rows where the service shows ${total}`)
}
