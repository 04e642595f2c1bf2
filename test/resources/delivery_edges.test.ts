// Deliveries that nobody means to send: what is odd, hostile or half right is told with its place, and nothing else happens.
import t from 'tap'
import { start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { deliver, faults, pull, row } from './figures.js'

await t.test('edges of deliveries', async t => {
  const { admin } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count', dimensions: [{ code: 'sex', title: 'Sex', values: [{ code: 'f', title: 'F' }, { code: 'm', title: 'M' }] }] })
  await makeMeasure(admin, 'share')
  const send = (text: string, type = 'text/csv', query: Record<string, string> = {}) => admin.post('/v1/datapoint-imports', text, { headers: { 'content-type': type }, query })
  const csv = (...lines: string[]) => send(['measure,area,period,value,note', ...lines.map(line => `count,E06000018,${line}`)].join('\r\n'))

  await t.test('a quote amid a quoted text is refused with its line, for it may swallow the rows behind it', async t => {
    const answer = await csv('FY1990,1,fine', 'FY1991,1,"a" b', 'FY1992,2,x', 'FY1993,3,"y"')
    t.match(answer, { status: 400, body: { errors: [{ pointer: 'line 3', code: 'unreadable' }] } })
    t.same(await pull(admin, { period: 'FY1990,FY1991,FY1992,FY1993' }), [])
    t.match(await csv('FY1990,1,5" pipe', 'FY1991,1,"a ""b"""  ', 'FY1992,2,"x"'), { status: 200, body: { counts: { created: 3 } } }, 'others are part of the text')
  })

  await t.test('a dimension stands once in a breakdown', async t => {
    const answer = await send('measure,area,period,value,breakdown\ncount,E06000018,FY2000,1,sex=f;sex=m')
    t.match(answer, { status: 422, body: { problems: [{ code: 'invalid_value', column: 'breakdown', rows: [2] }] } })
  })
})
void [deliver, faults, row]
