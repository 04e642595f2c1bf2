// What stands in the way of reading a sheet, as a sentence for the person who sent it: where, and what to do.
export class SheetProblem extends Error {
  override readonly name = 'SheetProblem'
}

const again = 'Open the file in a spreadsheet program, save it again as .xlsx and send that.'

/** The file is not what it says it is. Faults of our own disk are not the sender's, and are thrown on as they are. */
export function damaged (what: string, cause?: unknown): Error {
  if (cause instanceof SheetProblem || (cause instanceof Error && 'syscall' in cause)) return cause
  return new SheetProblem(`The file is damaged: ${what}. ${again}`, { cause })
}

/** A name out of the file, short enough and plain enough to say. */
// eslint-disable-next-line no-control-regex
export const named = (name: string): string => JSON.stringify(name.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 80))
