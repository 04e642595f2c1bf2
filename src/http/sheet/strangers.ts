// Files that are often sent in place of an .xlsx, each told by its name, because "not a valid zip" helps nobody.
import { SheetProblem } from './problem.js'
import type { Source } from './source.js'

const save = 'Open it in a spreadsheet program, save it as .xlsx and send that.'

const utf16 = (text: string) => Buffer.from(text, 'utf16le')

/** The container of Excel 97 to 2003; Excel wraps workbooks with a password in the same one. */
async function refuseOldContainer (source: Source, head: Buffer): Promise<never> {
  const sector = 2 ** Math.min(head.readUInt16LE(30), 12)
  const at = (head.readUInt32LE(48) + 1) * sector
  const names = at < source.size ? await source.bytes(at, Math.min(4096, source.size - at)) : head
  if (names.includes(utf16('EncryptedPackage'))) throw new SheetProblem('This workbook is protected by a password. Save it as .xlsx without a password and send that.')
  if (names.includes(utf16('Workbook')) || names.includes(utf16('Book'))) throw new SheetProblem(`This is an old Excel workbook (.xls), whatever its name ends in. ${save}`)
  throw new SheetProblem(`This is a file of an old Office program, or a workbook protected by a password, not an .xlsx. ${save}`)
}

/** Judged by the first bytes. */
export async function refuseStrangeFile (source: Source): Promise<void> {
  const head = await source.bytes(0, Math.min(512, source.size))
  const starts = (bytes: string) => head.subarray(0, bytes.length).equals(Buffer.from(bytes, 'latin1'))
  if (head.length === 0) throw new SheetProblem('The file is empty.')
  // Followed by the end of the directory where nothing is in it.
  if (starts('PK\x03\x04') || starts('PK\x05\x06')) return
  if (head.length === 512 && starts('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1')) return refuseOldContainer(source, head)
  if (starts('%PDF')) throw new SheetProblem('This is a PDF, not an .xlsx. Send the workbook that it was made from.')
  if (starts('\x1F\x8B')) throw new SheetProblem('This is a gzip file, not an .xlsx. Send the workbook itself, or say Content-Encoding: gzip.')
  if (head.toString('latin1').trimStart().startsWith('<')) throw new SheetProblem(`This is a page or an XML file with the name of a workbook, not an .xlsx. ${save}`)
  if (!head.includes(0)) throw new SheetProblem('This is a text file, not an .xlsx. Send CSV as text/csv, or save it as .xlsx.')
  throw new SheetProblem(`This is not an .xlsx file. ${save}`)
}

const others: ReadonlyArray<readonly [part: string, what: string]> = [
  ['xl/workbook.bin', 'a binary Excel workbook (.xlsb)'],
  ['word/document.xml', 'a Word document (.docx)'],
  ['ppt/presentation.xml', 'a PowerPoint file (.pptx)'],
  ['Index/Document.iwa', 'a file of Apple Numbers or Pages'],
  ['mimetype', 'an OpenDocument file (.ods)']
]

/** Judged by what is in the zip. */
export function refuseStrangeZip (has: (part: string) => boolean): void {
  const other = others.find(([part]) => has(part))
  if (other !== undefined) throw new SheetProblem(`This is ${other[1]}, not an .xlsx. ${save}`)
  if (!has('_rels/.rels')) throw new SheetProblem('This is a zip file, but no workbook is in it. Send the .xlsx itself.')
}
