// A markdown file of docs/ as HTML: headings get the addresses that GitHub gives them, tables are read on a phone as on a page,
// and links lead to where things are on the site. The files are ours; even so HTML in them is shown as text.
import MarkdownIt, { type Token } from 'markdown-it'

export interface Section { id: string, text: string }

export interface Rendered {
  title: string
  /** Its headings of the second level. */
  sections: Section[]
  html: string
  /** Where its links lead. */
  links: Set<string>
}

const markdown = new MarkdownIt({ html: false, linkify: false })

/** `leadsTo` says where a link leads on the site; undefined where nothing of the site is meant, and then its words stand alone. */
export function render (text: string, leadsTo: (href: string) => string | undefined): Rendered {
  const tokens = markdown.parse(text, {})
  const headings = readHeadings(tokens)
  const links = new Set<string>()
  for (const { children } of tokens) if (children !== null) leadLinks(children, leadsTo, links)
  shapeTables(tokens)
  const [first] = headings
  if (first?.level !== 1) throw new Error(`A guide opens with its title: ${text.slice(0, 60)}`)
  return {
    title: first.text,
    sections: headings.filter(({ level }) => level === 2).map(({ id, text }) => ({ id, text })),
    html: markdown.renderer.render(tokens.slice(3), markdown.options, {}),
    links
  }
}

const plain = ({ children }: Token): string => (children ?? []).filter(({ type }) => type === 'text' || type === 'code_inline').map(({ content }) => content).join('')

/** As GitHub does it, so that a link to a heading holds here and there. */
const slug = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-')

function readHeadings (tokens: Token[]): Array<Section & { level: number }> {
  const used = new Map<string, number>()
  return tokens.flatMap((token, i) => {
    if (token.type !== 'heading_open') return []
    const text = plain(tokens[i + 1]!)
    const before = used.get(slug(text)) ?? 0
    used.set(slug(text), before + 1)
    const id = before === 0 ? slug(text) : `${slug(text)}-${before}`
    token.attrSet('id', id)
    return [{ level: Number(token.tag.slice(1)), id, text }]
  })
}

function leadLinks (tokens: Token[], leadsTo: (href: string) => string | undefined, links: Set<string>): void {
  let nowhere = false
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const target = leadsTo(String(token.attrGet('href')))
      nowhere = target === undefined
      if (target === undefined) token.hidden = true
      else {
        token.attrSet('href', target)
        links.add(target)
      }
    } else if (token.type === 'link_close') token.hidden = nowhere
  }
}

/** What has more columns is set closer. */
const narrow = 4

/** Said in words, for a browser forgets them where rows become blocks. */
const roles: Record<string, string> = { table_open: 'table', thead_open: 'rowgroup', tbody_open: 'rowgroup', tr_open: 'row', th_open: 'columnheader', td_open: 'cell' }

/**
 * The first cell of a row is its head; on a phone a row is a block in which each cell says what its column is called. A table
 * that is wider than its place is scrolled, by keyboard too.
 */
function shapeTables (tokens: Token[]): void {
  let [place, heads, column]: [string, string[], number] = ['', [], 0]
  tokens.forEach((token, i) => {
    const role = roles[token.type]
    if (role !== undefined) token.attrSet('role', role)
    switch (token.type) {
      case 'heading_open':
        place = plain(tokens[i + 1]!)
        break
      case 'table_open':
        heads = headsOf(tokens, i)
        token.attrSet('class', 'stacking')
        token.meta = { place, wide: heads.length > narrow }
        break
      case 'tr_open':
        column = 0
        break
      case 'td_open':
        if (column === 0) makeRowHead(token, tokens[i + 2]!)
        else if (heads[column] !== '') token.attrSet('data-label', heads[column]!)
        column++
    }
  })
}

function headsOf (tokens: Token[], table: number): string[] {
  const end = tokens.findIndex(({ type }, i) => i > table && type === 'thead_close')
  return tokens.slice(table, end).filter(({ type }) => type === 'inline').map(plain)
}

function makeRowHead (open: Token, close: Token): void {
  open.tag = close.tag = 'th'
  open.attrSet('scope', 'row')
  open.attrSet('role', 'rowheader')
}

markdown.renderer.rules.table_open = (tokens, i, options, _, renderer) => {
  const { place, wide } = tokens[i]!.meta as { place: string, wide: boolean }
  const label = markdown.utils.escapeHtml(`Table: ${place}`)
  return `<div class="scroll${wide ? ' wide' : ''}" role="group" aria-label="${label}" tabindex="0">${renderer.renderToken(tokens, i, options)}`
}
markdown.renderer.rules.table_close = () => '</table></div>\n'
