// One part of a workbook as events of XML, read in small steps, so that neither memory nor anybody else's turn is taken.
import { setImmediate as turn } from 'node:timers/promises'
import { SaxesParser } from 'saxes'
import { STEP, TURN, XML_DEPTH, XML_PIECE } from './limits.js'
import { damaged, named, SheetProblem } from './problem.js'

export type Attributes = Readonly<Record<string, string | undefined>>

/** Names come without their prefix: some programs write x:row for row. The root has depth 1. */
export interface Handlers {
  open (name: string, attributes: Attributes, depth: number): void
  close? (name: string, depth: number): void
  text? (text: string): void
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** The decoder for what the text starts with. Without a mark it is UTF-8, as nearly always. */
function decoderFor (start: Buffer): TextDecoder {
  const mark = start.length > 1 ? start.readUInt16BE(0) : 0
  return new TextDecoder(mark === 0xFFFE ? 'utf-16le' : mark === 0xFEFF ? 'utf-16be' : 'utf-8', { fatal: true })
}

async function * steps (chunks: AsyncIterable<Buffer>, part: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let since = performance.now()
  const decode = (bytes?: Buffer) => {
    try {
      return decoder!.decode(bytes, { stream: bytes !== undefined })
    } catch (error) {
      throw damaged(`${named(part)} holds bytes that are no text`, error)
    }
  }
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk)
    for (let at = 0; at < chunk.length; at += STEP) {
      yield decode(chunk.subarray(at, at + STEP))
      if (performance.now() - since < TURN) continue
      await turn()
      since = performance.now()
    }
  }
  if (decoder !== undefined) yield decode()
}

function parserOf (part: string, handlers: Handlers, seen: () => void): SaxesParser {
  const parser = new SaxesParser({ position: false })
  let depth = 0
  const text = (text: string) => {
    seen()
    handlers.text?.(text)
  }
  // Comments and instructions are not listened to: with an eighth listener V8 keeps the parser as a dictionary, and reading takes six times as long.
  parser.on('opentag', ({ name, attributes }) => {
    seen()
    if (++depth > XML_DEPTH) throw damaged(`${named(part)} has more than ${XML_DEPTH} elements inside one another`)
    handlers.open(local(name), attributes as Attributes, depth)
  })
  parser.on('closetag', ({ name }) => {
    seen()
    handlers.close?.(local(name), depth)
    depth--
  })
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('doctype', () => {
    throw new SheetProblem(`${named(part)} in the file has a DOCTYPE, which no spreadsheet program writes. It is not read.`)
  })
  parser.on('error', error => { throw damaged(`${named(part)} is not well-formed XML`, error) })
  return parser
}

/** Reads the part to its end. Yields after each step, so that the caller can take what the handlers found. */
export async function * readXml (chunks: AsyncIterable<Buffer>, part: string, handlers: Handlers): AsyncGenerator<void> {
  let pending = 0
  const parser = parserOf(part, handlers, () => { pending = 0 })
  for await (const step of steps(chunks, part)) {
    pending += step.length
    parser.write(step)
    if (pending > XML_PIECE) throw damaged(`${named(part)} holds a tag, a text or a comment of more than a million characters`)
    yield
  }
  parser.close()
  yield
}

/** The same for parts that are kept as a whole. */
export async function readWhole (chunks: AsyncIterable<Buffer>, part: string, handlers: Handlers): Promise<void> {
  for await (const step of readXml(chunks, part, handlers)) void step
}
