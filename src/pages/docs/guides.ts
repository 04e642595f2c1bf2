// The documentation as a site: the markdown files of docs/, with README and CHANGELOG beside them, each at an address of its
// own.
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { root } from '../../config.js'
import { render, type Rendered } from './render.js'

export interface Guide extends Rendered {
  address: string
  /** The guides of its folder that it does not lead to by itself. */
  others: Array<{ address: string, title: string }>
}

/** Where the examples find the service that a newcomer has started; on the site they are for the one that is being read. */
export const example = 'http://127.0.0.1:3000'

/** What is read on the site though it lies elsewhere. */
const beside: Record<string, string> = { 'README.md': '/docs/readme', 'CHANGELOG.md': '/docs/changelog' }

/** A folder has the address of its README. */
const addressOf = (file: string) => beside[file] ?? `/${file.replace(/(?:\/README)?\.md$/, '')}`

/** All guides by their addresses. */
export async function readGuides (): Promise<Map<string, Guide>> {
  const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).map(file => `docs/${file.replaceAll('\\', '/')}`)
  const files = [...Object.keys(beside), ...inDocs.filter(file => file.endsWith('.md')).sort()]
  const addresses = new Map(files.map(file => [file, addressOf(file)]))
  const found = new Map<string, Guide>()
  for (const file of files) {
    const rendered = render(await readFile(join(root, file), 'utf8'), href => leadsTo(href, file, addresses))
    found.set(addresses.get(file)!, { ...rendered, address: addresses.get(file)!, others: [] })
  }
  for (const guide of found.values()) guide.others = unnamedIn(guide, found)
  return found
}

/** Links between files, to folders and into the running service lead to the site; to other files of the repository, nowhere. */
function leadsTo (href: string, from: string, addresses: Map<string, string>): string | undefined {
  if (href.startsWith(`${example}/`)) return href.slice(example.length)
  if (/^(?:#|[a-z]+:)/i.test(href)) return href
  const [path = '', fragment] = href.split('#')
  const file = posix.join(posix.dirname(from), path).replace(/\/$/, '')
  const address = addresses.get(file) ?? addresses.get(`${file}/README.md`)
  return address === undefined || fragment === undefined ? address : `${address}#${fragment}`
}

/** Nothing is left out of a list for being new: what the text of a folder does not name stands below it. */
function unnamedIn ({ address, links }: Guide, all: Map<string, Guide>): Guide['others'] {
  const named = new Set([...links].map(link => link.split('#')[0]))
  return [...all.values()].filter(other => posix.dirname(other.address) === address && !named.has(other.address))
    .map(({ address, title }) => ({ address, title }))
}
