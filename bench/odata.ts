// The OData feed beside our own JSON pages, and all that is held pulled over it.
import { must, type Answer } from './client.js'
import type { Figures } from './data.js'
import { touch } from './reads.js'
import { memory, startOurs, type Build, type Server } from './servers.js'
import { rounds, thousands, type Table } from './table.js'

const size = 5000
const limit = 1000
/** Rows that are pulled in each round. */
const some = 100_000

const pages = '/v1/datapoints?titles=true&include_deleted=true&limit='

/** The next page of each, found without reading all of this one. */
const nextOfFeed = ({ body }: Answer) => {
  const link = /"@odata\.nextLink":"([^"]*)"\}$/.exec(body.slice(-4000))?.[1]
  return link === undefined ? undefined : link.slice(link.indexOf('/odata/'))
}

const nextOfPages = ({ body }: Answer) => {
  const cursor = /"next_cursor":"([^"]*)"/.exec(body.slice(-4000))?.[1]
  return cursor === undefined ? undefined : `${pages}${limit}&cursor=${encodeURIComponent(cursor)}`
}

/** Follows the pages and answers how many rows came, at most so many. */
async function walk (server: Server, first: string, next: (answer: Answer) => string | undefined, most = Infinity): Promise<number> {
  let rows = 0
  for (let path: string | undefined = first; path !== undefined && rows < most;) {
    const answer: Answer = await must(server, path, { keep: true })
    rows += answer.body.split('"area_title":').length - 1
    path = next(answer)
  }
  return rows
}

async function perSecond (server: Server, round: number, first: string, next: (answer: Answer) => string | undefined): Promise<number> {
  await touch({ ours: server }, round)
  const start = performance.now()
  return await walk(server, first, next, some) / (performance.now() - start) * 1000
}

export async function odata ({ ours, url, sql }: Figures, program: Build, table: Table): Promise<void> {
  const rates = await rounds(5, 1, {
    feed: round => perSecond(ours, round, '/odata/v1/Datapoints', nextOfFeed),
    pages: round => perSecond(ours, round, `${pages}${limit}`, nextOfPages)
  })
  table.times(`OData pages of ${thousands(size)}; beside: our JSON pages of ${thousands(limit)} with the same columns`, 'rows/s', rates.feed, rates.pages, 0.5)
  const { rows: [held] } = await sql.query<{ count: number }>('select count(*)::integer as count from figures')
  const fresh = await startOurs(program, url)
  try {
    const rows = await walk(fresh, '/odata/v1/Datapoints', nextOfFeed)
    if (rows !== held!.count) throw new Error(`${rows} rows came over OData where ${held!.count} are held`)
    table.below(`OData: all ${thousands(rows)} rows pulled from a service just started: peak RSS`, 'MB', (await memory(fresh.pid))?.peak ?? null, 300)
  } finally {
    await fresh.stop()
  }
}
