// Bytes read by line, or up to a line that ends a section, wherever their chunks were cut.
const newline = 0x0a

export class SectionedReader {
  private rest = Buffer.alloc(0)
  private readonly chunks: AsyncIterator<Buffer>

  constructor (source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]()
  }

  private async more (): Promise<void> {
    const { value, done } = await this.chunks.next()
    if (done === true) throw new Error('The file breaks off.')
    this.rest = Buffer.concat([this.rest, value])
  }

  /** The next line, without its end. */
  async line (): Promise<string> {
    let end = this.rest.indexOf(newline)
    while (end === -1) {
      await this.more()
      end = this.rest.indexOf(newline)
    }
    const line = this.rest.toString('utf8', 0, end)
    this.rest = this.rest.subarray(end + 1)
    return line
  }

  /** Nothing may follow; what packs the bytes holds them against its checksum only at their end. */
  async end (): Promise<void> {
    const { done } = await this.chunks.next()
    if (this.rest.length > 0 || done !== true) throw new Error('The file goes on behind its end.')
  }

  /** Whole lines up to the one that is `end`, which is passed over. */
  async * until (end: string): AsyncGenerator<Buffer> {
    for (;;) {
      // What is left always begins a line.
      const at = this.rest.toString('latin1', 0, end.length) === end ? 0 : this.rest.indexOf(`\n${end}`) + 1 || -1
      if (at !== -1) {
        if (at > 0) yield this.rest.subarray(0, at)
        this.rest = this.rest.subarray(at + end.length)
        return
      }
      const whole = this.rest.lastIndexOf(newline) + 1
      if (whole > 0) {
        yield this.rest.subarray(0, whole)
        this.rest = this.rest.subarray(whole)
      }
      await this.more()
    }
  }
}
