// All rows of all sets by the client that odata2ts generated, printed as JSON.
import { FetchClient } from '@odata2ts/http-client-fetch'
import { OutturnService } from './generated/odata2ts/OutturnService'
import type { Datapoint } from './generated/odata2ts/OutturnModel'

const [, , url, authorization] = process.argv as [string, string, string, string]
const size = 100

interface Page<T> { data: { value: T[] } }

/** A page after the other, as a program does that knows nothing of links. */
async function all<T> (page: (skip: number) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = []
  for (;;) {
    const { data } = await page(rows.length)
    rows.push(...data.value)
    if (data.value.length < size) return rows
  }
}

async function main (): Promise<void> {
  const feed = new OutturnService(new FetchClient({ headers: { authorization } }), url)
  const sets = {
    Datapoints: await all(skip => feed.Datapoints().query(builder => builder.top(size).skip(skip))),
    Series: await all(skip => feed.Series().query(builder => builder.top(size).skip(skip))),
    Measures: await all(skip => feed.Measures().query(builder => builder.top(size).skip(skip))),
    Areas: await all(skip => feed.Areas().query(builder => builder.top(size).skip(skip))),
    Organisations: await all(skip => feed.Organisations().query(builder => builder.top(size).skip(skip))),
    Plans: await all(skip => feed.Plans().query(builder => builder.top(size).skip(skip))),
    Priorities: await all(skip => feed.Priorities().query(builder => builder.top(size).skip(skip))),
    Outcomes: await all(skip => feed.Outcomes().query(builder => builder.top(size).skip(skip))),
    PlanMeasures: await all(skip => feed.PlanMeasures().query(builder => builder.top(size).skip(skip))),
    Actions: await all(skip => feed.Actions().query(builder => builder.top(size).skip(skip))),
    Updates: await all(skip => feed.Updates().query(builder => builder.top(size).skip(skip))),
    Targets: await all(skip => feed.Targets().query(builder => builder.top(size).skip(skip))),
    ScorecardLines: await all(skip => feed.ScorecardLines().query(builder => builder.top(size).skip(skip)))
  }
  const { data } = await feed.Datapoints()
    .query((builder, row) => builder.filter(row.value.ge(100).and(row.deleted.eq(false))).orderBy(row.value.desc()).count())
  const large: Datapoint[] = data.value
  const values: Array<number | null> = large.map(({ value }) => value)
  const [first] = sets.PlanMeasures
  const one = (await feed.PlanMeasures({ plan: first!.plan, code: first!.code }).query()).data
  process.stdout.write(JSON.stringify({ sets, asked: { values, count: data['@odata.count'], one: one.code } }))
}

void main()
