// Asks both of a pair the same and tells where the answers differ in a byte.
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Test } from 'tap'
import type { Started } from '../support/app.js'
import { delivery, level, makePair, momentsOf, requests, type Pair } from './pair.js'

interface Reader { role: 'nobody' | 'reader' | 'contributor' | 'editor', key: string | null }

/** The same keys in both: what is asked for is all that may differ. */
async function readers ({ one, other }: Pair): Promise<Array<[Reader, Reader]>> {
  const keysOf = async ({ admin }: Started) => {
    await admin.put('/v1/organisations/elsewhere', { title: 'Elsewhere', kind: 'council' })
    const made: Reader[] = [{ role: 'nobody', key: null }]
    for (const role of ['reader', 'contributor', 'editor'] as const) {
      await admin.put(`/v1/clients/${role}`, { organisation: 'elsewhere', role, title: role })
      made.push({ role, key: (await admin.post(`/v1/clients/${role}/keys`, {})).body.key as string })
    }
    return made
  }
  const [mine, theirs] = [await keysOf(one), await keysOf(other)]
  for (const service of [one, other]) await level(service)
  return mine.map((reader, i) => [reader, theirs[i]!])
}

async function ask ({ app }: Started, url: string, { key }: Reader): Promise<string> {
  const headers = { 'x-request-id': 'the-same', host: 'outturn.example', ...(key !== null && { authorization: `Bearer ${key}` }) }
  const answer = await app.inject({ method: 'GET', url, headers })
  const { date: _, ...said } = answer.headers
  return JSON.stringify([answer.statusCode, Object.entries(said).sort(), answer.rawPayload.toString('base64')])
}

export interface Outcome { asked: number, differing: string[] }

/** Every difference of so many questions; a page's next one is asked for as well. */
async function compare (pair: Pair, keys: Array<[Reader, Reader]>, urls: string[]): Promise<Outcome> {
  const differing: string[] = []
  let asked = 0
  for (const url of urls) {
    const [mine, theirs] = keys[asked++ % keys.length]!
    const same = async () => await ask(pair.one, url, mine) === await ask(pair.other, url, theirs)
    // A workbook says when it was made, to the second, and a busy machine may take more than one for it.
    let tries = url.includes('xlsx') ? 8 : 1
    while (tries > 0 && !await same()) tries--
    if (tries === 0) differing.push(`${mine.role} ${url}`)
  }
  return { asked, differing }
}

/** As many pairs of services as it takes to ask so much. */
export async function interference (t: Test, { pairs, questions, seed }: { pairs: number, questions: number, seed: number }): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let n = 0; n < pairs; n++) {
    const pair = await makePair(t, fc.sample(delivery, { numRuns: 8, seed: seed + n }))
    const keys = await readers(pair)
    const asked = fc.sample(requests(await momentsOf(pair)), { numRuns: questions, seed: seed + n })
    outcomes.push(await compare(pair, keys, asked))
    if (n === 0) outcomes.push(await compare(await spoilt(pair), keys, asked.slice(0, 300)))
  }
  return outcomes
}

/** What is published of one of them is as it is not to be: the comparison must notice. */
async function spoilt (pair: Pair): Promise<Pair> {
  await sql`update figures f set value = r.value, missing = null from series s, series t, figures r
    where f.series_id = t.id and t.face = 'published' and f.missing = 'suppressed' and r.series_id = s.id and r.period_id = f.period_id and s.face = 'raw'
      and (s.measure, s.area, s.breakdown, s.statistic, s.against, s.base_period) = (t.measure, t.area, t.breakdown, t.statistic, t.against, t.base_period)
  `.execute(pair.one.connection.db)
  return pair
}
