// Filters on figures that name nothing known: no error, but worth a word.
import type { Ctx } from '../../db/connection.js'
import type { TableName } from '../../db/kind.js'
import { existing } from '../../db/references.js'
import type { WarningBody } from '../../http/schema.js'
import { readPeriod } from '../../periods/period.js'

const names: Record<string, [table: TableName, noun: string]> = {
  measure: ['measures', 'measure'],
  area: ['areas', 'area'],
  within: ['areas', 'area'],
  plan: ['plans', 'plan'],
  provider: ['organisations', 'organisation'],
  organisation: ['organisations', 'organisation']
}

export async function filterWarnings (ctx: Ctx, query: Record<string, unknown>): Promise<WarningBody[]> {
  const found: WarningBody[] = []
  for (const [parameter, [table, noun]] of Object.entries(names)) {
    const value = query[parameter]
    if (typeof value !== 'string') continue
    const codes = value.split(',')
    const known = await existing(ctx, table, null, codes)
    for (const code of codes.filter(code => !known.has(code))) {
      found.push({ code: `unknown_${noun}`, parameter, value: code, detail: `No ${noun} has the code '${code}', so it matches nothing.` })
    }
  }
  for (const text of typeof query.period === 'string' ? query.period.split(',') : []) {
    const read = readPeriod(text)
    if ('problem' in read) found.push({ code: read.problem, parameter: 'period', value: text, detail: read.detail })
  }
  return found
}
