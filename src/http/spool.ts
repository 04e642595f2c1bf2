// A body that is received whole before anything is done with it: in memory while it is small, beyond that in a temporary
// file that has no name any more. So a slow sender holds no connection of the database, a body that breaks off has done
// nothing, and what is read can be read again.
import { isUtf8 } from 'node:buffer'
import { createHash, randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { problem, unreadable } from '../problems.js'

export interface Spool {
  /** Bytes, after unpacking. */
  size: number
  /** SHA-256 of the unpacked body, in hexadecimal. */
  digest: string
  /** Its first bytes, by which some forms are known. */
  start: Buffer
  /** Content-Type as it was sent. */
  type: string
  /** The whole of it, for what is read in one piece. */
  bytes (): Promise<Buffer>
  /** Where it is held: in memory, or in an open file. */
  held: Buffer | FileHandle
  /** In chunks, as often as it is asked for; a chunk is good until the next one is asked for. */
  chunks (): AsyncIterable<Buffer>
  dispose (): Promise<void>
}

const inMemory = 4 * 1024 * 1024
/** Held in memory by all bodies together: what comes beyond goes to files at once. */
const inMemoryOfAll = 64 * 1024 * 1024
// A text of more than 128 KB is garbage that V8 collects late.
const chunk = 64 * 1024

interface Incoming { type: string, encoding: string | undefined, announced: string | undefined, limit: number }

export async function spool (payload: Readable, { type, encoding: said = '', announced = '0', limit }: Incoming): Promise<Spool> {
  const encoding = said.toLowerCase() || 'identity'
  if (!['identity', 'gzip', 'x-gzip'].includes(encoding)) {
    throw problem('unsupported_media_type', `The body comes with Content-Encoding ${encoding}; gzip is taken, or none.`)
  }
  if (Number(announced) > limit) throw tooLarge(limit)
  const sink = new Sink(limit)
  try {
    // What is refused is not cut off: who sends it should read why.
    const body = Readable.from(payload.iterator({ destroyOnReturn: false }), { objectMode: false })
    await (encoding === 'identity' ? pipeline(body, sink.take) : pipeline(body, createGunzip(), sink.take))
  } catch (error) {
    await sink.dispose()
    throw refusal(error as Error & { code?: string }, limit)
  }
  return sink.spooled(type)
}

class TooLarge extends Error {}

const tooLarge = (limit: number) => problem('too_large', `The body has more than the ${limit / 1_048_576} MB that this operation takes in this form, counted after unpacking. Send it in smaller parts.`, {
  headers: { connection: 'close' }
})

function refusal (error: Error & { code?: string }, limit: number): Error {
  if (error instanceof TooLarge) return tooLarge(limit)
  if (error.code?.startsWith('Z_')) return unreadable('The body is announced as gzip, but is damaged or breaks off. Pack and send it again.', '', error)
  if (['ENOSPC', 'EDQUOT', 'EMFILE'].includes(error.code ?? '')) return problem('unavailable', 'The service has no room for the body right now. Repeat the request.', { headers: { 'retry-after': '30' }, cause: error })
  return error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET' || /too slow|aborted/.test(error.message)
    ? unreadable('The body broke off before its end. Send it again.', '', error)
    : error
}

let heldByAll = 0

/** Takes the body in, counting and hashing as it comes. */
class Sink {
  /** Of what all hold in memory. */
  private share = 0
  private size = 0
  private start: Buffer = Buffer.alloc(0)
  private held: Buffer[] = []
  private file: FileHandle | undefined
  private readonly hash = createHash('sha256')

  constructor (private readonly limit: number) {}

  take = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let waiting = 0
    for await (const part of source) {
      if (this.start.length < 8) this.start = Buffer.concat([this.start, part.subarray(0, 8)])
      this.size += part.length
      if (this.size > this.limit) throw new TooLarge()
      this.hash.update(part)
      this.held.push(part)
      waiting += part.length
      this.share += part.length
      heldByAll += part.length
      if (waiting < (this.file === undefined && heldByAll <= inMemoryOfAll ? inMemory : chunk)) continue
      waiting = 0
      await this.write()
    }
    if (this.file !== undefined) await this.write()
  }

  spooled (type: string): Spool {
    const { size, file } = this
    const whole = file === undefined ? Buffer.concat(this.held) : undefined
    this.held = []
    const chunks = () => whole === undefined ? piecesOf(file!) : pieces(whole)
    const bytes = async () => {
      if (whole !== undefined) return whole
      const parts: Buffer[] = []
      for await (const part of chunks()) parts.push(Buffer.from(part))
      return Buffer.concat(parts)
    }
    return { size, type, start: this.start, held: whole ?? file!, digest: this.hash.digest('hex'), bytes, chunks, dispose: () => this.dispose() }
  }

  async dispose (): Promise<void> {
    this.letGo()
    await this.file?.close()
    this.file = undefined
  }

  private letGo (): void {
    heldByAll -= this.share
    this.share = 0
    this.held = []
  }

  private async write (): Promise<void> {
    if (this.file === undefined) {
      const path = join(tmpdir(), `outturn-${randomUUID()}`)
      this.file = await open(path, 'wx+', 0o600)
      // From here on only the open file knows of it, and the system frees it with the process, however that ends.
      await unlink(path)
    }
    const parts = this.held
    this.letGo()
    await this.file.writev(parts)
  }
}

async function * pieces (whole: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < whole.length; start += chunk) yield whole.subarray(start, start + chunk)
}

/** Into one and the same memory, or a long body would leave the collector as much as it is long. */
async function * piecesOf (file: FileHandle): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafe(chunk)
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(memory, 0, chunk, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield memory.subarray(0, bytesRead)
  }
}

export async function validUtf8 (chunks: AsyncIterable<Buffer>): Promise<boolean> {
  let carry: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk])
    const end = wholeCharacters(bytes)
    if (!isUtf8(bytes.subarray(0, end))) return false
    carry = Buffer.from(bytes.subarray(end))
  }
  return carry.length === 0
}

/** Where a last character that is cut begins, or the end. */
function wholeCharacters (bytes: Buffer): number {
  const leads = [0xc0, 0xe0, 0xf0]
  for (const [before, lead] of leads.entries()) {
    const byte = bytes[bytes.length - 1 - before] ?? 0
    if (byte >= 0xc0) return byte >= lead ? bytes.length - 1 - before : bytes.length
    if (byte < 0x80) return bytes.length
  }
  return bytes.length
}
