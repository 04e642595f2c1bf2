// The bytes of an upload, in memory or on disk, for the zip reader. Offsets come out of the file, so every one is checked.
import { open, type FileHandle } from 'node:fs/promises'
import yauzl from 'yauzl'
import { damaged } from './problem.js'

const READ = 65_536

/** In memory, an open file, or the path of one. */
export type Upload = Buffer | FileHandle | string

export class Source extends yauzl.RandomAccessReader {
  private constructor (private readonly file: Buffer | FileHandle, readonly size: number, private readonly owned: boolean) {
    super()
  }

  /** A file that is open stays open, for whoever opened it to close. */
  static async open (file: Upload): Promise<Source> {
    if (Buffer.isBuffer(file)) return new Source(file, file.length, false)
    if (typeof file !== 'string') return new Source(file, (await file.stat()).size, false)
    const handle = await open(file)
    try {
      return new Source(handle, (await handle.stat()).size, true)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async release (): Promise<void> {
    if (this.owned) await (this.file as FileHandle).close()
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
