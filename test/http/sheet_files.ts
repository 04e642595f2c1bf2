// Workbooks made by hand, down to the bytes of the zip: what no writer would write, and what many do.
import { crc32, deflateRawSync } from 'node:zlib'
import { sheetRows, type SheetRow } from '../../src/http/sheet/read.js'

export interface Part {
  name: string
  content?: string | Buffer
  /** Packed already, with what to say of it. */
  packed?: Buffer
  size?: number
  sum?: number
  stored?: boolean
  /** The sizes follow the data, and the header before it has none. */
  descriptor?: boolean
  zip64?: boolean
  flags?: number
  method?: number
}

// The machines that run this are little-endian, as zips are.
const u16 = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer)
const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer)
const u64 = (value: number) => u32(value % 2 ** 32, Math.floor(value / 2 ** 32))

function entry (part: Part, at: number): { local: Buffer, central: Buffer } {
  const content = Buffer.from(part.content ?? '')
  const packed = part.packed ?? (part.stored === true ? content : deflateRawSync(content))
  const [size, sum] = [part.size ?? content.length, part.sum ?? crc32(content)]
  const name = Buffer.from(part.name)
  const method = part.method ?? (part.stored === true ? 0 : 8)
  const flags = (part.flags ?? 0) | (part.descriptor === true ? 8 : 0) | 0x800
  const head = [u16(45, flags, method, 0, 0x21)]
  const before = part.descriptor === true ? u32(0, 0, 0) : u32(sum, packed.length, size)
  const after = part.descriptor === true ? u32(0x08074b50, sum, packed.length, size) : Buffer.alloc(0)
  const extra = part.zip64 === true ? Buffer.concat([u16(1, 24), u64(size), u64(packed.length), u64(at)]) : Buffer.alloc(0)
  const sizes = part.zip64 === true ? u32(sum, 0xFFFFFFFF, 0xFFFFFFFF) : u32(sum, packed.length, size)
  return {
    local: Buffer.concat([u32(0x04034b50), ...head, before, u16(name.length, 0), name, packed, after]),
    central: Buffer.concat([
      u32(0x02014b50), u16(45), ...head, sizes, u16(name.length, extra.length, 0, 0, 0),
      u32(0, part.zip64 === true ? 0xFFFFFFFF : at), name, extra
    ])
  }
}

/** What the end of the directory says: how many parts, whether it says it the long way, and where the directory is. */
interface End { count?: number, zip64?: boolean, offset?: number }

export function zip (parts: readonly Part[], { count = parts.length, zip64 = false, offset }: End = {}): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const { local, central } = entry(part, at)
    locals.push(local)
    centrals.push(central)
    at += local.length
  }
  const directory = Buffer.concat(centrals)
  const long = Buffer.concat([
    u32(0x06064b50), u64(44), u16(45, 45), u32(0, 0), u64(count), u64(count), u64(directory.length), u64(offset ?? at),
    u32(0x07064b50, 0), u64(at + directory.length), u32(1)
  ])
  const short = Math.min(count, 0xFFFF)
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, short, short), u32(directory.length, offset ?? at), u16(0)])
  return Buffer.concat([...locals, directory, ...(zip64 ? [long] : []), end])
}

const rels = (...relations: Array<[id: string, type: string, target: string]>) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.map(([id, type, target]) => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`).join('')}</Relationships>`

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

export interface Sheet {
  /** What stands in <sheetData>. */
  rows?: string
  /** What stands in <sst>. */
  texts?: string
  /** Formats by their code, referred to as style 1, 2, …; style 0 is General. A number is one that Excel knows. */
  formats?: ReadonlyArray<string | number>
  from1904?: boolean
}

const attribute = (text: string) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')

function styles (formats: ReadonlyArray<string | number>): string {
  const own = formats.map((format, index) => typeof format === 'string' ? `<numFmt numFmtId="${164 + index}" formatCode="${attribute(format)}"/>` : '').join('')
  const cells = formats.map((format, index) => `<xf numFmtId="${typeof format === 'string' ? 164 + index : format}"/>`).join('')
  return `<styleSheet ${main}><numFmts>${own}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${cells}</cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs></styleSheet>`
}

/** The parts of a workbook with one sheet, by name, to change one of them. */
export function parts ({ rows = '', texts, formats = [], from1904 = false }: Sheet): Map<string, Part> {
  const list: Part[] = [
    { name: '[Content_Types].xml', content: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>' },
    { name: '_rels/.rels', content: rels(['rId1', 'officeDocument', 'xl/workbook.xml']) },
    { name: 'xl/workbook.xml', content: `<?xml version="1.0" encoding="UTF-8"?><workbook ${main}><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets><sheet name="Figures" sheetId="1" r:id="rId1"/></sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', content: rels(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ['rId2', 'styles', 'styles.xml'], ...(texts === undefined ? [] : [['rId3', 'sharedStrings', '/xl/sharedStrings.xml'] as [string, string, string]])) },
    { name: 'xl/styles.xml', content: styles(formats) },
    { name: 'xl/worksheets/sheet1.xml', content: `<?xml version="1.0" encoding="UTF-8"?><worksheet ${main}><dimension ref="A1"/><sheetData>${rows}</sheetData></worksheet>` }
  ]
  if (texts !== undefined) list.push({ name: 'xl/sharedStrings.xml', content: `<sst ${main}>${texts}</sst>` })
  return new Map(list.map(part => [part.name, part]))
}

/** A workbook with some of its parts replaced or added. */
export const book = (sheet: Sheet, ...changed: Part[]): Buffer =>
  zip([...new Map([...parts(sheet), ...changed.map(part => [part.name, part] as const)]).values()])

export { rels }

export async function read (file: Buffer | string): Promise<SheetRow[]> {
  const rows: SheetRow[] = []
  for await (const batch of sheetRows(file)) rows.push(...batch)
  return rows
}

/** The cells of the first row. */
export const firstRow = async (file: Buffer): Promise<Array<string | null>> => (await read(file))[0]?.cells ?? []
