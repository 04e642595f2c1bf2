// What a pull has reached, beside its file: enough to go on after a kill, and to fetch only changes the next time.
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import type { Format } from './row_text.js'

export interface State {
  form: 'outturn-pull/1'
  /** The service and the selection; another one starts over. */
  url: string
  query: Record<string, string>
  format: Format
  columns: string[]
  /** Where the walk goes on; '' at its beginning, null at its end. */
  next_cursor: string | null
  /** Outturn-Cursor of the first page: what changed after it is fetched when the walk is over, and by the next run. */
  changed_since: string
  /** The same for edits that change no figure; behind it where the walk saw them half. */
  edits_since: string
  /** Length and rows of what is written; bytes of FILE.part, or of FILE once it is complete. */
  bytes: number
  rows: number
  total: number
  complete: boolean
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export const names = (file: string) => ({ file, part: `${file}.part`, state: `${file}.state`, lock: `${file}.lock`, merged: [`${file}.new`, `${file}.newer`] as const })

export const length = (path: string) => stat(path).then(({ size }) => size, () => -1)

/** The state of an earlier run, or a word on why it is of no use; undefined where there was none. */
export async function readState (file: string, wanted: Pick<State, 'url' | 'query' | 'format'>): Promise<State | string | undefined> {
  const text = await readFile(names(file).state, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  let state: State
  try {
    state = JSON.parse(text) as State
  } catch {
    return 'the state file cannot be read'
  }
  if (state.form !== 'outturn-pull/1') return 'the state file is of another form'
  if (!(['url', 'query', 'format'] as const).every(name => same(state[name], wanted[name]))) return 'it is another selection than the last time'
  if (state.complete) return await length(file) === state.bytes ? state : `${file} is not as it was left`
  return await length(names(file).part) >= state.bytes ? state : `${names(file).part} is not as it was left`
}

/** In one step, so that a kill leaves the state before or the one after. */
export async function saveState (file: string, state: State): Promise<void> {
  const { state: path } = names(file)
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

/** Scheduled runs can overlap: the second one leaves the file to the first. */
export async function locked<T> (file: string, work: () => Promise<T>): Promise<T> {
  const { lock } = names(file)
  if (!await running(lock)) await rm(lock, { force: true })
  await writeFile(lock, String(process.pid), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new Error(`Another pull into ${file} is running. If none is, delete ${lock}.`) : error
  })
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

/** Whether the process that made the lock may still be there: one from before the last boot is not. */
async function running (lock: string): Promise<boolean> {
  try {
    const [pid, { mtimeMs }] = [Number(await readFile(lock, 'utf8')), await stat(lock)]
    if (pid === process.pid || mtimeMs < Date.now() - uptime() * 1000) return false
    // An empty lock is one that is being made, or was when its process was killed.
    return pid === 0 ? mtimeMs > Date.now() - 10_000 : process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
