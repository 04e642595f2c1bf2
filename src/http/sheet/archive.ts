// The zip that a workbook is: its parts by name, unpacked as a stream with every byte counted and checked.
// What the directory of the zip says of sizes is believed only where the bytes agree.
import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import yauzl from 'yauzl'
import { PARTS, RATIO, RATIO_FROM, SMALL_PART, UNPACKED } from './limits.js'
import { damaged, named, SheetProblem } from './problem.js'
import { Source, type Upload } from './source.js'
import { refuseStrangeFile, refuseStrangeZip } from './strangers.js'

const STORED = 0
const DEFLATED = 8

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`

// Names of parts do not tell capitals apart.
const key = (name: string) => name.toLowerCase()

export class Archive {
  private unpacked = 0

  private constructor (
    private readonly source: Source,
    private readonly zip: yauzl.ZipFile,
    private readonly entries: ReadonlyMap<string, yauzl.Entry>
  ) {}

  static async open (file: Upload): Promise<Archive> {
    const source = await Source.open(file)
    try {
      await refuseStrangeFile(source)
      const zip = await directory(source)
      const archive = new Archive(source, zip, await entriesOf(zip))
      refuseStrangeZip(name => archive.has(name))
      return archive
    } catch (error) {
      await source.release()
      throw error
    }
  }

  close (): Promise<void> {
    return this.source.release()
  }

  has (name: string): boolean {
    return this.entries.has(key(name))
  }

  /** The content of a part. Whoever reads it must read it to the end: only there is it known to be whole. */
  async * part (name: string, most = SMALL_PART): AsyncGenerator<Buffer> {
    const entry = this.entries.get(key(name))
    if (entry === undefined) throw damaged(`it refers to ${named(name)}, which is not in it`)
    if (entry.isEncrypted()) throw new SheetProblem('The file is protected by a password. Save it as .xlsx without one.')
    if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) throw damaged(`${named(name)} is packed in a way that no spreadsheet program uses`)
    let size = 0
    let sum = 0
    try {
      const { fileDataStart } = await this.zip.readLocalFileHeaderPromise(entry, { minimal: true })
      const packed = this.source.stream(fileDataStart, entry.compressedSize)
      const inflate = entry.compressionMethod === DEFLATED ? createInflateRaw({ chunkSize: 65_536 }) : undefined
      for await (const chunk of inflate === undefined ? packed : through(packed, inflate)) {
        size += chunk.length
        sum = crc32(chunk, sum)
        this.count(name, chunk.length, size, inflate?.bytesWritten ?? size, most)
        yield chunk
      }
    } catch (error) {
      throw damaged(`${named(name)} cannot be unpacked`, error)
    }
    if (size !== entry.uncompressedSize || sum !== entry.crc32) throw damaged(`${named(name)} is not what was packed`)
  }

  private count (name: string, more: number, size: number, packed: number, most: number): void {
    this.unpacked += more
    if (size > most) throw new SheetProblem(`${named(name)} in the file is larger than ${megabytes(most)} when unpacked, which is the most that is read. Split the sheet, or send it as CSV.`)
    if (this.unpacked > UNPACKED) throw new SheetProblem(`The file is larger than ${megabytes(UNPACKED)} when unpacked, which is the most that is read. Split the sheet, or send it as CSV.`)
    if (size > RATIO_FROM && size > packed * RATIO) throw new SheetProblem(`${named(name)} in the file unpacks to more than ${RATIO} times its size. No sheet of figures does; it is not read. Copy the figures into a new workbook, or send them as CSV.`)
  }
}

async function directory (source: Source): Promise<yauzl.ZipFile> {
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(source, source.size, { autoClose: false })
    // Its faults also reach whoever waits for the next entry; without a listener they would end the process as well.
    zip.on('error', () => {})
    return zip
  } catch (error) {
    throw damaged('it is cut short, or its table of contents cannot be read', error)
  }
}

async function entriesOf (zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > PARTS) throw new SheetProblem(`The file has more than ${PARTS} parts inside; a workbook has some tens. Copy the figures into a new workbook.`)
  const entries = new Map<string, yauzl.Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      // Two parts of one name: which of them counts depends on the program.
      if (entries.has(key(entry.fileName))) throw damaged(`${named(entry.fileName)} is in it twice`)
      entries.set(key(entry.fileName), entry)
    }
  } catch (error) {
    throw damaged('its table of contents cannot be read', error)
  }
  return entries
}

async function * through (packed: AsyncIterable<Buffer>, inflate: InflateRaw): AsyncGenerator<Buffer> {
  // A fault of either reaches whoever reads the second.
  pipeline(Readable.from(packed), inflate, () => {})
  yield * inflate as AsyncIterable<Buffer>
}
