// The texts that cells share, kept as bytes: millions of short strings would take several times the memory.
import type { Archive } from './archive.js'
import { CELL_XML, SHARED_TEXT_COUNT, SHARED_TEXTS } from './limits.js'
import { named, SheetProblem } from './problem.js'
import { readWhole, type Handlers } from './xml.js'

const BLOCK = 1024 ** 2
const CACHE = 4096
const CACHED_LENGTH = 256

export class Texts {
  private readonly blocks: Buffer[] = []
  /** Where each text is turned into bytes; three for a character at most. */
  private readonly scratch = Buffer.allocUnsafeSlow(CELL_XML * 3)
  private ends = new Uint32Array(1024)
  private count = 0
  private size = 0
  /** Texts beyond any limit are not kept; they are refused where a cell uses one, so that the cell can be named. */
  private readonly dropped = new Set<number>()
  private readonly cache = new Array<{ index: number, text: string } | undefined>(CACHE)

  add (text: string | null): void {
    if (text === null) this.dropped.add(this.count)
    const length = this.scratch.write(text ?? '')
    for (let done = 0; done < length;) {
      const at = this.size % BLOCK
      if (at === 0) this.blocks.push(Buffer.allocUnsafeSlow(BLOCK))
      const copied = this.scratch.copy(this.blocks.at(-1)!, at, done, length)
      done += copied
      this.size += copied
    }
    if (this.count === this.ends.length) {
      const longer = new Uint32Array(this.count * 2)
      longer.set(this.ends)
      this.ends = longer
    }
    this.ends[this.count++] = this.size
  }

  get length (): number {
    return this.count
  }

  /** The text as it stands in the XML; undefined where there is none of that number, null where it is too long. */
  at (index: number): string | null | undefined {
    if (index >= this.count) return undefined
    if (this.dropped.has(index)) return null
    const cached = this.cache[index % CACHE]
    if (cached?.index === index) return cached.text
    const text = this.read(index === 0 ? 0 : this.ends[index - 1]!, this.ends[index]!)
    if (text.length <= CACHED_LENGTH) this.cache[index % CACHE] = { index, text }
    return text
  }

  private read (start: number, end: number): string {
    const from = Math.floor(start / BLOCK)
    const to = Math.floor(end / BLOCK)
    if (from === to) return start === end ? '' : this.blocks[from]!.toString('utf8', start % BLOCK, end % BLOCK)
    return Buffer.concat(this.blocks.slice(from, to + 1)).toString('utf8', start - from * BLOCK, end - from * BLOCK)
  }
}

/** Gathers the text of <si> or <is>: plain or in runs of rich text, without what is only a reading aid (rPh). */
export class TextGatherer {
  text: string | null = ''
  private wanted = false
  private aside = false

  open (name: string): void {
    if (name === 'rPh') this.aside = true
    else if (name === 't') this.wanted = !this.aside
  }

  close (name: string): void {
    if (name === 'rPh') this.aside = false
    else if (name === 't') this.wanted = false
  }

  add (text: string): void {
    if (!this.wanted || this.text === null) return
    this.text += text
    if (this.text.length > CELL_XML) this.text = null
  }

  reset (): void {
    this.text = ''
    this.wanted = this.aside = false
  }
}

export async function readTexts (archive: Archive, part: string | undefined): Promise<Texts> {
  const texts = new Texts()
  if (part === undefined) return texts
  const gatherer = new TextGatherer()
  const handlers: Handlers = {
    open (name) {
      if (name === 'si') gatherer.reset()
      else gatherer.open(name)
    },
    close (name) {
      if (name !== 'si') return gatherer.close(name)
      if (texts.length === SHARED_TEXT_COUNT) throw new SheetProblem(`${named(part)} in the file holds more than ${SHARED_TEXT_COUNT} texts. Split the sheet, or send it as CSV.`)
      texts.add(gatherer.text)
    },
    text: text => gatherer.add(text)
  }
  await readWhole(archive.part(part, SHARED_TEXTS), part, handlers)
  return texts
}
