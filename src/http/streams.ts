// Long answers: what an abandoned or a stalled reader means for the stream that it was reading.
import { Transform, type Readable } from 'node:stream'
import type { ServerResponse } from 'node:http'

/** How long a reader may take nothing before it is cut off, in milliseconds. */
const patience = 60_000

/** Once the answer is over, however that came; at once where that was before. */
export function whenClosed (answer: ServerResponse, then: () => void): void {
  if (answer.destroyed) then()
  else answer.once('close', then)
}

/** Ends the source with its reader, and a reader that takes nothing for as long as `patience` (at most twice that). */
export function tie (answer: ServerResponse, source: Readable, wait = patience): void {
  let sent = -1
  const watch = setInterval(() => {
    const now = answer.socket?.bytesWritten ?? 0
    // A source that is itself slow leaves nothing waiting to be taken.
    if (answer.writableNeedDrain && now === sent) answer.destroy()
    sent = now
  }, wait).unref()
  whenClosed(answer, () => {
    clearInterval(watch)
    source.destroy()
  })
}

/** Once its first piece is there, its end, or its reader has gone: what fails before that can still be answered with a status. */
export const begun = (source: Readable): Promise<void> => new Promise((resolve, reject) => {
  source.once('readable', resolve).once('error', reject).once('close', resolve)
})

/** The source with each chunk turned into others; an error or the end of either is that of both. */
export function turned (source: Readable, turn: (chunk: Buffer) => Buffer[]): Readable {
  const through = new Transform({
    highWaterMark: 1 << 17,
    transform (chunk: Buffer, _, done) {
      for (const part of turn(chunk)) this.push(part)
      done()
    }
  })
  source.once('error', error => { through.destroy(error) })
  through.once('close', () => { source.destroy() })
  return source.pipe(through)
}
