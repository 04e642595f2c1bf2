// The bytes of an upload, in memory or on disk, for the zip reader. Offsets come out of the file, so every one is checked.
import { open, type FileHandle } from 'node:fs/promises'
import yauzl from 'yauzl'
import { damaged } from './problem.js'

const READ = 65_536

export class Source extends yauzl.RandomAccessReader {
  private constructor (private readonly file: Buffer | FileHandle, readonly size: number) {
    super()
  }

  static async open (file: Buffer | string): Promise<Source> {
    if (typeof file !== 'string') return new Source(file, file.length)
    const handle = await open(file)
    try {
      return new Source(handle, (await handle.stat()).size)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async release (): Promise<void> {
    if (!Buffer.isBuffer(this.file)) await this.file.close()
  }

  /** Exactly these bytes. */
  async bytes (start: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(start) || start < 0 || start + length > this.size) throw damaged('it ends before what it says is in it')
    if (Buffer.isBuffer(this.file)) return this.file.subarray(start, start + length)
    const into = Buffer.allocUnsafe(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.file.read(into, done, length - done, start + done)
      if (bytesRead === 0) throw damaged('it ends before what it says is in it')
      done += bytesRead
    }
    return into
  }

  async * stream (start: number, length: number): AsyncGenerator<Buffer> {
    for (let done = 0; done < length; done += READ) yield await this.bytes(start + done, Math.min(READ, length - done))
  }

  /** What the zip reader calls. */
  override read (into: Buffer, offset: number, length: number, position: number, done: (error: Error | null, read?: number) => void): void {
    this.bytes(position, length).then(bytes => {
      bytes.copy(into, offset)
      setImmediate(done, null, length)
    }, (error: Error) => setImmediate(done, error))
  }
}
