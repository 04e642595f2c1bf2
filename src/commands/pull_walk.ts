// The first walk of a pull: all pages into FILE.part, each on disk and noted before the next is asked for.
import { open, type FileHandle } from 'node:fs/promises'
import { bar, progress } from './progress.js'
import { columnsOf, holdColumns, readPage, type Job } from './pull_pages.js'
import { names, saveState, type State } from './pull_state.js'
import { header, lineEnd, recordOf } from './row_text.js'
import { remark } from './usage.js'

const pageSize = '1000'

export const fresh = ({ query, format, remote: { url } }: Job): State => ({
  form: 'outturn-pull/1', url, query, format, columns: [], next_cursor: '', changed_since: '', edits_since: '', bytes: 0, rows: 0, total: 0, complete: false
})

/** Goes on from the state to the last page; `settled` where nothing was written to the service meanwhile. */
export async function walk (job: Job, from: State): Promise<{ state: State, settled: boolean }> {
  const part = await open(names(job.file).part, from.bytes === 0 ? 'w' : 'r+')
  let [state, settled] = [from, false]
  try {
    await part.truncate(from.bytes)
    while (state.next_cursor !== null) {
      const { at, ...next } = await step(job, part, state)
      state = next
      settled = at === state.changed_since
      bar(state.rows, state.total, `${state.rows} of ${state.total} rows  ${job.file}`)
    }
  } finally {
    await part.close()
  }
  return { state, settled }
}

async function step (job: Job, part: FileHandle, state: State): Promise<State & { at: string }> {
  const { query, format, file } = job
  const first = state.next_cursor === ''
  const page = await readPage(job, { ...query, limit: pageSize, ...(first ? { count: 'true' } : { cursor: state.next_cursor! }) })
  for (const { detail } of page.warnings ?? []) {
    if (!first) break
    progress('')
    remark(`${file}: warning: ${detail}`)
  }
  if (!first) holdColumns(page.items, state.columns)
  const columns = first ? columnsOf(page.items, query) : state.columns
  const record = recordOf(format, columns)
  const lines = page.items.map(record)
  if (first && format === 'csv') lines.unshift(header(columns))
  const bytes = Buffer.from(lines.map(line => line + lineEnd[format]).join(''))
  for (let at = 0; at < bytes.length;) at += (await part.write(bytes, at, bytes.length - at, state.bytes + at)).bytesWritten
  await part.datasync()
  const next: State = {
    ...state,
    ...(first && { columns, changed_since: page.at, edits_since: page.at, total: page.total ?? 0 }),
    next_cursor: page.next_cursor,
    bytes: state.bytes + bytes.length,
    rows: state.rows + page.items.length
  }
  await saveState(file, next)
  return { ...next, at: page.at }
}
