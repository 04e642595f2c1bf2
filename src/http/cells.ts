// What may stand in a cell of a workbook.
const longest = 32_767
const cutMark = ' … [cut: a cell holds no more]'

// No XML 1.0 document may hold these, escaped or not; of C1 only what is no line break.
// eslint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu

/** A text that every spreadsheet program can hold. */
export function clean (text: string): string {
  const fit = text.replaceAll(/\r\n?/g, '\n').replaceAll(unfit, '')
  return fit.length <= longest ? fit : fit.slice(0, longest - cutMark.length).replace(/[\ud800-\udbff]$/, '') + cutMark
}

/** In the file "_x0041_" would be read as the letter A. */
export const written = (text: string) => text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
