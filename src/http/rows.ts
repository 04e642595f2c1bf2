// Rows as Postgres writes them, turned into JSON without becoming objects: numbers pass through as exact decimal text.
export type CellKind = 'text' | 'number' | 'boolean' | 'list' | 'map'

/** Each cell is Postgres's text or null. */
export type TextRow = Array<string | null>

const json: Record<CellKind, (text: string | null) => string> = {
  text: text => text === null ? 'null' : JSON.stringify(text),
  number: text => text ?? 'null',
  boolean: text => text === null ? 'null' : text === 't' || text === 'true' ? 'true' : 'false',
  list: text => text === null ? '[]' : JSON.stringify(text.split(';')),
  map: text => text === null ? '{}' : JSON.stringify(Object.fromEntries(text.split(';').map(pair => pair.split('=') as [string, string])))
}

/** A writer of rows as JSON objects, for columns with their kinds. */
export function jsonRows (columns: ReadonlyArray<readonly [name: string, kind: CellKind]>): (row: TextRow) => string {
  const parts = columns.map(([name, kind], index) => [`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`, json[kind]] as const)
  return row => {
    let text = ''
    for (let i = 0; i < parts.length; i++) text += parts[i]![0] + parts[i]![1](row[i] ?? null)
    return `${text}}`
  }
}
