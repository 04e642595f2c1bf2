// Finds the parts that matter in a workbook: its first worksheet, the texts and the formats its cells refer to.
import { posix } from 'node:path'
import type { Archive } from './archive.js'
import { PARTS } from './limits.js'
import { damaged, named, SheetProblem } from './problem.js'
import { readWhole, type Attributes } from './xml.js'

export interface Workbook {
  /** The name on the tab. */
  sheet: string
  sheetPart: string
  textsPart?: string
  stylesPart?: string
  /** Days count from 1904, as in workbooks that began on an old Mac. */
  from1904: boolean
}

interface Relation { type: string, part: string }

/** What a part refers to, by id. Types end alike in both flavours of the standard, so only the end is kept. */
async function relationsOf (archive: Archive, part: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(part)
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  const relations = new Map<string, Relation>()
  await readWhole(archive.part(name), name, {
    open (element, { Id, Type, Target, TargetMode }) {
      if (element !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External') return
      if (relations.size >= PARTS) throw damaged(`${named(name)} lists more than ${PARTS} parts`)
      relations.set(Id, { type: (Type ?? '').split('/').at(-1)!, part: Target.startsWith('/') ? posix.normalize(Target).slice(1) : posix.join(folder, Target) })
    }
  })
  return relations
}

const firstOf = (relations: ReadonlyMap<string, Relation>, type: string) => [...relations.values()].find(relation => relation.type === type)?.part

/** r:id, whatever the prefix. */
const relationId = (attributes: Attributes) => Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1]

export async function readWorkbook (archive: Archive): Promise<Workbook> {
  const part = firstOf(await relationsOf(archive, ''), 'officeDocument')
  if (part === undefined) throw damaged('it does not say where its workbook is')
  const relations = await relationsOf(archive, part)
  let first: Pick<Workbook, 'sheet' | 'sheetPart'> | undefined
  let from1904 = false
  await readWhole(archive.part(part), part, {
    open (name, attributes, depth) {
      if (depth === 1 && name !== 'workbook') throw new SheetProblem('This is an Office file, but not a workbook. Send an .xlsx.')
      // Extensions further in have elements of the same names.
      if (name === 'workbookPr' && depth === 2) from1904 = /^(?:1|true|on)$/.test(attributes.date1904 ?? '')
      if (name !== 'sheet' || depth !== 3 || first !== undefined) return
      const relation = relations.get(relationId(attributes) ?? '')
      // Charts on a sheet of their own have no cells.
      if (relation?.type === 'worksheet') first = { sheet: attributes.name ?? '', sheetPart: relation.part }
    }
  })
  if (first === undefined) throw new SheetProblem('The workbook has no worksheet. Put the figures on its first sheet.')
  return { ...first, from1904, textsPart: firstOf(relations, 'sharedStrings'), stylesPart: firstOf(relations, 'styles') }
}
