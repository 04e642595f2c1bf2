// How far a command has come: one line that is rewritten on a terminal, and nothing elsewhere, so that a scheduled task
// leaves a clean log.
const pause = 100
const width = 24
let last = 0

/** Shows the text in place of the one before; '' clears the line. */
export function progress (text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** A bar; drawn at most ten times a second, and always when it is full. */
export function bar (done: number, total: number, text: string): void {
  if (!process.stderr.isTTY || (done < total && Date.now() - last < pause)) return
  last = Date.now()
  const share = total === 0 ? 1 : Math.min(done / total, 1)
  const full = Math.round(share * width)
  progress(`[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${String(Math.floor(share * 100)).padStart(3)} % ${text}`)
}
