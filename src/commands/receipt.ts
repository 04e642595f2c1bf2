// A receipt as a person reads it: what came of the delivery, and every fault with where it stands.
import { say } from './usage.js'

interface RowProblem { code: string, detail: string, column: string | null, rows: number[], cells?: string[], row_count: number }

export interface Receipt {
  id: string
  result: 'applied' | 'partially_applied' | 'validated' | 'rejected'
  counts: Record<'received' | 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected', number>
  problems: RowProblem[]
  warnings?: Array<Omit<RowProblem, 'column'>>
  links?: { self?: string | null, rejected?: string | null }
}

const first = 10

export function printReceipt (file: string, { id, result, counts, problems, warnings = [] }: Receipt): void {
  const { received, ...others } = counts
  say(`${file}: ${result.replace('_', ' ')}, ${received} ${received === 1 ? 'row' : 'rows'}: ${Object.entries(others).map(([name, count]) => `${count} ${name}`).join(', ')} (delivery ${id})`)
  for (const { code, column, detail, ...where } of problems) say(`  ${code}${column === null ? '' : ` in ${column}`}: ${detail}\n    ${places(where)}`)
  if (result === 'rejected') say(`  Nothing was written. Correct these and send the file again${counts.rejected < received ? ', or write the good rows with --mode partial' : ''}.`)
  for (const { code, detail, ...where } of warnings) say(`  warning ${code}: ${detail}\n    ${places(where)}`)
}

/** The first few places, and how many there are. */
function places ({ rows, cells, row_count: count }: Pick<RowProblem, 'rows' | 'cells' | 'row_count'>): string {
  const named = cells ?? rows
  const noun = cells === undefined ? 'row' : 'cell'
  return `${noun}${count === 1 ? '' : 's'} ${named.slice(0, first).join(', ')}${count > Math.min(first, named.length) ? `, … (${count} in all)` : ''}`
}
