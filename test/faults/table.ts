// The faults as a table: what was done, what clients saw, how soon it was over, and what was lost.
import type { Row } from './ground.js'

const head = `| what was done | for | what clients saw | well again after | acknowledged / found / lost |
|---|---|---|---|---|`

export function tableOf (rows: Row[]): string {
  return [head, ...rows.map(({ fault, lasted, seen, longest, recovered, acknowledged, found, lost }) => {
    const kinds = [`${seen.answered} answers`, seen[503] > 0 && `${seen[503]} × 503`, seen[409] > 0 && `${seen[409]} × 409`, seen['no answer'] > 0 && `${seen['no answer']} without answer`]
    return `| ${fault} | ${lasted} s | ${kinds.filter(Boolean).join(', ')}; the longest ${longest} s | ${recovered} s | ${acknowledged} / ${found} / ${lost} |`
  })].join('\n')
}
