// The rows of the first sheet of an .xlsx that somebody sent: streamed, within the limits of limits.ts, whatever the file holds.
import { Archive } from './archive.js'
import { readFormats } from './formats.js'
import { UNPACKED } from './limits.js'
import { RowReader, type SheetRow } from './rows.js'
import type { Upload } from './source.js'
import { readTexts } from './texts.js'
import { readWorkbook } from './workbook.js'
import { readXml } from './xml.js'

export { cellName } from './place.js'
export { SheetProblem } from './problem.js'
export type { SheetRow } from './rows.js'

/**
 * Batches of rows of the first sheet that hold anything. `file` is the upload. Throws SheetProblem where the file
 * cannot be read or is hostile, which may be after many rows: the sum over a sheet is known at its end.
 */
export async function * sheetRows (file: Upload): AsyncGenerator<SheetRow[]> {
  const archive = await Archive.open(file)
  try {
    const { sheet, sheetPart, textsPart, stylesPart, from1904 } = await readWorkbook(archive)
    const kinds = stylesPart === undefined ? [] : await readFormats(archive, stylesPart)
    const reader = new RowReader(sheet, { kinds, from1904, texts: await readTexts(archive, textsPart) })
    for await (const step of readXml(archive.part(sheetPart, UNPACKED), sheetPart, reader)) {
      void step
      if (reader.full) yield * reader.take()
    }
    yield * reader.take()
  } finally {
    await archive.close()
  }
}
