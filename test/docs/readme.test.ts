// The README's commands, run as they stand there against the real app with the sample plans.
import t from 'tap'
import { startWithSample } from '../documents/sample.js'
import { adminKey } from '../support/app.js'
import { commandsOf, sender } from './commands.js'

await t.test('the commands of the README do what it says', async t => {
  const { anonymous } = await startWithSample(t)
  const send = sender(anonymous)
  const [tree, csv, workbook, put, post, spreadsheet, update, publish, overdue, standing, ...more] = commandsOf('README.md', adminKey)
  t.equal(more.length, 0)

  await t.test('a first read needs no key', async t => {
    t.match(await send(tree!), { status: 200, body: { plan: { code: 'nottingham-cypp-2016-20' } } })
    t.match(await send(csv!), { status: 200, text: /^measure,area,period,.*\r\nsmoking-at-delivery,E06000018,FY2016,/ })
    t.match(await send(workbook!), { status: 200, headers: { 'content-disposition': /^attachment; filename="[^"]+\.xlsx"$/ }, text: /^PK/ })
  })

  await t.test('a first push writes one figure, and a delivery sent again counts once', async t => {
    t.match(await send(put!), { status: 201, body: { period: 'FY2017', value: 16.9, status: 'provisional' } })
    t.match(await send(post!), { status: 200, body: { result: 'applied', counts: { created: 1, updated: 1 } } })
    t.match(await send(post!), { status: 200, headers: { 'idempotent-replayed': 'true' }, body: { counts: { created: 1, updated: 1 } } })
    t.match((await anonymous.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017')).body, { value: 16.8, status: 'final', revision: 2 })
  })

  await t.test('a spreadsheet is read with its marks, and a dry run writes nothing', async t => {
    t.match(await send(spreadsheet!), { status: 200, body: { result: 'validated', counts: { received: 2, created: 2, rejected: 0 } } })
    t.match(await anonymous.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2018'), { status: 404 })
  })

  await t.test('an update is made once, and what is published with it stays', async t => {
    const { headers } = await send(update!)
    t.match(headers, { location: /^\/v1\/plans\/nottingham-cypp-2016-20\/updates\// })
    t.match(await send(publish!), { status: 201, body: { label: 'V7', visibility: 'public' } })
    const page = (await anonymous.get('/plans/nottingham-cypp-2016-20?publication=V7')).text
    t.match(page, 'Every midwife now offers the <strong>opt-out</strong> route.')
  })

  await t.test('who owes what needs no key', async t => {
    const { body: { items } } = await send(overdue!)
    t.ok(items.length > 0)
    for (const item of items) t.match(item, { organisation: 'nottingham-city-ccg', state: 'overdue' })
    t.match((await send(standing!)).body.organisations, [{ organisation: 'cdp' }, { organisation: 'nhs-england' }])
  })
})
