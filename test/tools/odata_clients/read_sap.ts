// All rows of all sets by the client that the SAP Cloud SDK generated, printed as JSON in the names of the feed.
import { entitySerializer } from '@sap-cloud-sdk/odata-common'
import { BigNumber } from 'bignumber.js'
import { outturn } from './generated/sap/outturn'

const [, , url, username, password] = process.argv as [string, string, string, string, string]
const destination = { url, username, password }
const size = 100

const feed = outturn()
const { datapointsApi, planMeasuresApi } = feed
const serializer = entitySerializer(datapointsApi.deSerializers)

type Row = Record<string, unknown>

async function all<T> (name: string, page: (skip: number) => Promise<T[]>, written: (row: T) => Row): Promise<[string, Row[]]> {
  const rows: T[] = []
  for (;;) {
    const found = await page(rows.length)
    rows.push(...found)
    if (found.length < size) return [name, rows.map(written)]
  }
}

async function main (): Promise<void> {
  const sets = Object.fromEntries([
    await all('Datapoints', skip => datapointsApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, datapointsApi)),
    await all('Series', skip => feed.seriesApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.seriesApi)),
    await all('Measures', skip => feed.measuresApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.measuresApi)),
    await all('Areas', skip => feed.areasApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.areasApi)),
    await all('Organisations', skip => feed.organisationsApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.organisationsApi)),
    await all('Plans', skip => feed.plansApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.plansApi)),
    await all('Priorities', skip => feed.prioritiesApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.prioritiesApi)),
    await all('Outcomes', skip => feed.outcomesApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.outcomesApi)),
    await all('PlanMeasures', skip => planMeasuresApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, planMeasuresApi)),
    await all('Actions', skip => feed.actionsApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.actionsApi)),
    await all('Updates', skip => feed.updatesApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.updatesApi)),
    await all('Targets', skip => feed.targetsApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.targetsApi)),
    await all('ScorecardLines', skip => feed.scorecardLinesApi.requestBuilder().getAll().top(size).skip(skip).execute(destination), row => serializer.serializeEntity(row, feed.scorecardLinesApi))
  ])
  const { VALUE: value, DELETED: deleted } = datapointsApi.schema
  const large = await datapointsApi.requestBuilder().getAll()
    .filter(value.greaterOrEqual(new BigNumber(100)), deleted.equals(false)).execute(destination)
  const values = large.map(row => row.value?.toNumber() ?? null)
  const first = sets.PlanMeasures![0] as { plan: string, code: string }
  const one = await planMeasuresApi.requestBuilder().getByKey(first.plan, first.code).execute(destination)
  process.stdout.write(JSON.stringify({ sets, asked: { values, count: values.length, one: one.code } }))
}

void main()
