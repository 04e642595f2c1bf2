// Edits that reach into rows without changing a figure: of a measure (unit, title), of an area or plan that the rows are
// selected or named by. They stand in the change feed.
import type { Job } from './pull_pages.js'
import { Refusal, send } from './remote.js'

interface Change { action: string, resource: string }

const mostPages = 100

/** The first such edit after the bookmark, in words; null where there is none. */
export async function edited ({ remote, query }: Job, since: string): Promise<string | null> {
  let after = since
  for (let page = 0; page < mostPages; page++) {
    const { status, text } = await send(remote, `/v1/changes?${new URLSearchParams({ after, limit: '1000' }).toString()}`)
    if (status !== 200) throw new Refusal(status, text)
    const { items, next_cursor: next, has_more: more } = JSON.parse(text) as { items: Change[], next_cursor: string, has_more: boolean }
    const found = items.find(change => reaches(change, query))
    if (found !== undefined) return `${found.resource} was ${found.action}`
    if (!more) return null
    after = next
  }
  return 'more has changed than is worth following'
}

function reaches ({ action, resource }: Change, { measure, titles, within, plan }: Record<string, string>): boolean {
  const [, , register, code = '', section = ''] = resource.split('/')
  // What is new had no rows, and what is gone had none left.
  if (register === 'measures') return section === '' && action === 'updated' && (measure === undefined || measure.split(',').includes(code))
  if (register === 'areas') return action === 'updated' && (titles !== undefined || within !== undefined)
  return register === 'plans' && code === plan && ['', 'measures'].includes(section)
}
