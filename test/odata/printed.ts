// A tree of a filter written down again, by the standard's precedence, and the words of a filter in their order: what was understood
// can be held against what was sent.
import type { Expression } from '../../src/feeds/odata/filter/expression.js'
import { moment } from './values.js'

const binding: Record<string, number> = { or: 1, and: 2, eq: 3, ne: 3, gt: 4, ge: 4, lt: 4, le: 4, not: 5, in: 6 }

/** In brackets where it binds less tightly than what is around it. */
const within = (tree: Expression, least: number): string => {
  const binds = binding[tree.kind === 'compare' ? tree.operator : tree.kind] ?? 9
  return binds < least ? `(${printed(tree)})` : printed(tree)
}

/** The tree as a text, with no more brackets than it needs. */
export function printed (tree: Expression): string {
  switch (tree.kind) {
    case 'literal':
      return tree.type === 'string' ? `'${(tree.value as string).replaceAll("'", "''")}'` : String(tree.value)
    case 'property':
      return tree.property.name
    case 'call':
      return `${tree.name}(${tree.args.map(printed).join(',')})`
    case 'in':
      return `${within(tree.of, 6)} in (${tree.items.map(printed).join(',')})`
    case 'not':
      return `not ${within(tree.of, 5)}`
    case 'compare':
    case 'and':
    case 'or': {
      const word = tree.kind === 'compare' ? tree.operator : tree.kind
      return `${within(tree.left, binding[word]!)} ${word} ${within(tree.right, binding[word]! + 1)}`
    }
  }
}

const word = /'(?:[^']|'')*'|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[-+ ]\d\d:\d\d)|[^\s(),']+/g

/** Names, operators and values one after the other; instants as moments, for they are written in many ways. */
export const wordsOf = (text: string): string[] => (text.match(word) ?? [])
  .map(one => /^\d{4}-\d\d-\d\dT/.test(one) ? String(moment(one.replace(' ', '+').replace(/T(\d\d:\d\d)(?=[Z+-])/, 'T$1:00'))) : one)

/** Without brackets, commas and blanks nothing may be left over by the words. */
export const covered = (text: string): boolean => /^[ \t(),]*$/.test(text.replace(word, ''))
