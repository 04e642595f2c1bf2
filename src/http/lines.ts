// Line ends of CSV: COPY writes LF, RFC 4180 has CRLF. A line break inside of quotes is text and stays as it is.
const newline = 0x0a
const quotes = 0x22

/** A writer that takes CSV in chunks, wherever they were cut, and answers it with CRLF. */
export function crlf (): (chunk: Buffer) => Buffer {
  let quoted = false
  return chunk => {
    const breaks: number[] = []
    let quote = chunk.indexOf(quotes)
    const passQuotes = (before: number) => {
      for (; quote !== -1 && quote < before; quote = chunk.indexOf(quotes, quote + 1)) quoted = !quoted
    }
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      passQuotes(at)
      if (!quoted) breaks.push(at)
    }
    passQuotes(chunk.length)
    const out = Buffer.allocUnsafe(chunk.length + breaks.length)
    let from = 0
    breaks.forEach((at, before) => {
      chunk.copy(out, from + before, from, at)
      out[at + before] = 0x0d
      out[at + before + 1] = newline
      from = at + 1
    })
    chunk.copy(out, from + breaks.length, from)
    return out
  }
}
