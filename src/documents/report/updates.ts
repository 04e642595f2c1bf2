// Updates where they are read: with the lines they report on, else with actions, outcomes or priorities; the newest period
// first and the older ones apart.
import { periodOf } from '../../periods/period.js'
import type { ReviewView, Updates, UpdateView } from './view.js'
import { longDate } from './dates.js'
import { organisationTitle, type Items, type UpdateItem } from './items.js'
import { capital, dueOf, partyOf, periodLabel, plain } from './words.js'

export const places = ['plan_measures', 'actions', 'outcomes', 'priorities'] as const
export type Place = typeof places[number]

const namesOf = (item: UpdateItem, place: Place) => item[place] ?? []

/** The most exact thing an update reports on is where it stands. */
const placeOf = (item: UpdateItem): Place | null => places.find(place => namesOf(item, place).length > 0) ?? null

export interface Named { text: string, anchor: string }
export type Naming = (place: Place, code: string) => Named | null

export interface UpdateFinder {
  at (place: Place, code: string): Updates
  unplaced (): UpdateView[]
  ofReview (review: string): { updates: UpdateView[], elsewhere: number }
}

function add (lists: Map<string, UpdateItem[]>, key: string, item: UpdateItem): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

export function updateFinder (items: Items, naming: Naming, today: string): UpdateFinder {
  const all = new Map(items.updates.map(item => [item.code, item]))
  const parts = new Map<string, UpdateItem[]>()
  for (const item of items.updates) if (item.parent !== undefined && all.has(item.parent)) add(parts, item.parent, item)
  const roots = items.updates.filter(({ parent }) => parent === undefined || !all.has(parent))
  const placed = new Map<string, UpdateItem[]>()
  for (const item of roots) {
    const place = placeOf(item)
    if (place !== null) for (const code of namesOf(item, place)) add(placed, `${place} ${code}`, item)
  }
  const view = (item: UpdateItem, at: string): UpdateView => ({
    code: item.code,
    ref: item.ref ?? null,
    heading: item.heading ?? null,
    kind: capital(plain(item.kind ?? 'progress')),
    text: item.text,
    parties: (item.organisations ?? []).map(one => partyOf(items, one)),
    period: item.period === undefined ? null : periodLabel(item.period),
    due: dueOf(item.due, false, today),
    truncated: item.truncated ?? false,
    note: item.note ?? null,
    parts: (parts.get(item.code) ?? []).map(part => view(part, at)),
    about: places.flatMap(place => namesOf(item, place).filter(code => `${place} ${code}` !== at).map(code => naming(place, code)).filter(named => named !== null))
  })
  return {
    at: (place, code) => {
      const at = `${place} ${code}`
      return split(placed.get(at) ?? [], item => view(item, at))
    },
    unplaced: () => roots.filter(item => placeOf(item) === null && item.review === undefined).map(item => view(item, '')),
    ofReview: review => {
      const mine = roots.filter(item => item.review === review)
      const own = mine.filter(item => item.kind === 'minute_item' || placeOf(item) === null)
      return { updates: own.map(item => view(item, '')), elsewhere: mine.length - own.length }
    }
  }
}

const endOf = ({ period }: UpdateItem) => (period === undefined ? null : periodOf(period)?.end) ?? null

/** Without a period an update is taken to be new: nothing says that it is old. */
function split (found: UpdateItem[], view: (item: UpdateItem) => UpdateView): Updates {
  const newest = found.map(endOf).filter(end => end !== null).sort().at(-1) ?? null
  const isOld = (item: UpdateItem) => { const end = endOf(item); return end !== null && end !== newest }
  return {
    newest: found.filter(item => !isOld(item)).map(view),
    older: found.filter(isOld).sort((a, b) => endOf(b)!.localeCompare(endOf(a)!, 'en')).map(view)
  }
}

const kindTitles: Record<string, string> = { six_month: 'Six-month review', annual: 'Annual review', end_of_year: 'End of year review', board_meeting: 'Board meeting' }

export function reviewsOf (items: Items, updates: UpdateFinder, today: string): ReviewView[] {
  return items.reviews.map(item => ({
    code: item.code,
    anchor: `review:${item.code}`,
    title: item.title ?? kindTitles[item.kind] ?? plain(item.kind),
    kind: kindTitles[item.kind] ?? plain(item.kind),
    period: item.period === undefined ? null : periodLabel(item.period),
    held: item.held_on === undefined ? null : longDate(item.held_on),
    due: dueOf(item.due, item.held_on !== undefined, today),
    body: item.organisation === undefined ? null : organisationTitle(items, item.organisation),
    item: item.item ?? null,
    document: item.document ?? null,
    note: item.note ?? null,
    ...updates.ofReview(item.code)
  }))
}
