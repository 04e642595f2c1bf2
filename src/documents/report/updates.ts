// Updates where they are read: with the lines they report on, else with actions, outcomes or priorities; the newest period
// first and the older ones apart.
import { periodOf } from '../../periods/period.js'
import type { ReviewView, UpdateEntry, UpdateLink, Updates, UpdateView } from './view.js'
import { longDate } from './dates.js'
import { grouped } from './grouped.js'
import { organisationTitle, type Items, type UpdateItem } from './items.js'
import { placeKey, type Place } from './places.js'
import { capital, dueOf, partyOf, periodLabel, plain } from './words.js'

const places = ['plan_measures', 'actions', 'outcomes', 'priorities'] as const

/** The most exact thing an update reports on is where it stands. */
const placeOf = (item: UpdateItem): Place | null => places.find(place => (item[place] ?? []).length > 0) ?? null

const keysOf = (item: UpdateItem) => {
  const place = placeOf(item)
  return place === null ? [] : (item[place] ?? []).map(code => placeKey(place, code))
}

interface Named { ref: string | null, text: string, anchor: string }
export type Naming = (place: Place, code: string) => Named | null

/** To be asked in the order of the document: an update is told in full the first time, and linked to after that. */
export interface UpdateFinder {
  at (place: Place, code: string): Updates
  unplaced (): UpdateEntry[]
  ofReview (review: string): { updates: UpdateEntry[], elsewhere: number }
}

export function updateFinder (items: Items, naming: Naming, today: string): UpdateFinder {
  const all = new Set(items.updates.map(item => item.code))
  const isPart = ({ parent }: UpdateItem) => parent !== undefined && all.has(parent)
  const parts = grouped(items.updates.filter(isPart), item => [item.parent])
  const roots = items.updates.filter(item => !isPart(item))
  const placed = grouped(roots, keysOf)
  const byReview = grouped(roots, item => [item.review])
  const links = new Map<string, UpdateLink>()
  const view = (item: UpdateItem, at: string): UpdateView => ({
    ...updateWords(items, item, today),
    parts: (parts.get(item.code) ?? []).map(part => view(part, at)),
    ...aboutOf(item, naming, at)
  })
  const entry = (item: UpdateItem, at: string, where = ''): UpdateEntry => {
    const link = links.get(item.code)
    if (link !== undefined) return link
    links.set(item.code, { whole: false, code: item.code, anchor: anchorOf(item), words: firstWords(item.text), period: periodWords(item), where })
    return view(item, at)
  }
  return {
    at: (place, code) => {
      const named = naming(place, code)
      const where = named === null ? '' : named.ref === null || named.ref === named.text ? named.text : `${named.ref} ${named.text}`
      return split(placed.get(placeKey(place, code)) ?? [], item => entry(item, placeKey(place, code), where))
    },
    unplaced: () => roots.filter(item => placeOf(item) === null && item.review === undefined).map(item => entry(item, '')),
    ofReview: review => {
      const mine = byReview.get(review) ?? []
      const own = mine.filter(item => item.kind === 'minute_item' || placeOf(item) === null)
      return { updates: own.map(item => entry(item, '', 'a review')), elsewhere: mine.length - own.length }
    }
  }
}

const anchorOf = ({ code }: UpdateItem) => `update:${code}`

const periodWords = ({ period }: UpdateItem) => period === undefined ? null : periodLabel(period)

const updateWords = (items: Items, item: UpdateItem, today: string) => ({
  whole: true as const,
  code: item.code,
  anchor: anchorOf(item),
  ref: item.ref ?? null,
  heading: item.heading ?? null,
  kind: capital(plain(item.kind ?? 'progress')),
  text: item.text,
  parties: (item.organisations ?? []).map(one => partyOf(items, one)),
  period: periodWords(item),
  due: dueOf(item.due, false, today),
  truncated: item.truncated ?? false,
  note: item.note ?? null
})

const namedAtMost = 12

function aboutOf (item: UpdateItem, naming: Naming, at: string): Pick<UpdateView, 'about' | 'aboutMore'> {
  const namesAt = (place: Place) => (item[place] ?? []).filter(code => placeKey(place, code) !== at).map(code => naming(place, code))
  const all = places.flatMap(namesAt).filter(named => named !== null)
  return { about: all.slice(0, namedAtMost).map(({ text, anchor }) => ({ text, anchor })), aboutMore: Math.max(0, all.length - namedAtMost) }
}

const longest = 80

/** As plain text, cut at a word. */
function firstWords (text: string): string {
  const words = text.slice(0, 8 * longest).replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/^\s*[-*+]\s+|\*+/gm, '').replaceAll(/\s+/g, ' ').trim()
  if (words.length <= longest) return words === '' ? 'An update' : words
  const cut = words.slice(0, longest + 1).replace(/\s\S*$/, '').slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  return `${cut.replace(/[\s,;:.–-]+$/, '')} …`
}

const endOf = ({ period }: UpdateItem) => (period === undefined ? null : periodOf(period)?.end) ?? null

/** Without a period an update is taken to be new: nothing says that it is old. */
function split (found: UpdateItem[], entry: (item: UpdateItem) => UpdateEntry): Updates {
  const ended = found.map(item => ({ item, end: endOf(item) }))
  const newest = ended.reduce<string | null>((last, { end }) => end !== null && (last === null || end > last) ? end : last, null)
  const isOld = ({ end }: { end: string | null }) => end !== null && end !== newest
  return {
    newest: ended.filter(one => !isOld(one)).map(({ item }) => entry(item)),
    older: ended.filter(isOld).sort((a, b) => b.end!.localeCompare(a.end!, 'en')).map(({ item }) => entry(item))
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
