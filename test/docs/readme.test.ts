// The README's commands, run as they stand there against the real app with the sample plans. sh splits the words; a
// function of the name curl hands them to us, so that no program is needed.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { adminKey, start } from '../support/app.js'
import type { Client } from '../support/client.js'

const readme = readFileSync('README.md', 'utf8')

/** The words of each curl command in the README's shell blocks. */
function commands (): string[][] {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!).filter(block => block.startsWith('curl'))
  const script = 'curl () { for word in "$@"; do printf "%s\\0" "$word"; done; printf "\\n\\0"; }\n'
  return blocks.flatMap(block => {
    const { stdout } = spawnSync('sh', ['-c', script + block], { env: { ...process.env, KEY: adminKey }, encoding: 'utf8' })
    return stdout.split('\n\0').filter(text => text !== '').map(text => text.split('\0').filter(word => word !== ''))
  })
}

function send (client: Client, words: string[]) {
  const after = (flag: string) => words.flatMap((word, i) => word === flag ? [words[i + 1]!] : [])
  const url = words.find(word => word.startsWith('http'))!.replace('http://127.0.0.1:3000', '')
  const headers = Object.fromEntries(after('-H').map(header => header.split(/:\s*(.*)/s).slice(0, 2) as [string, string]))
  return client.send(after('-X')[0] ?? 'GET', url, [...after('-d'), ...after('--data-binary')][0], { headers })
}

await t.test('the commands of the README do what it says', async t => {
  const { admin, anonymous } = await start(t)
  for (const file of readdirSync('data')) {
    const bundle = JSON.parse(readFileSync(`data/${file}`, 'utf8')) as { plan: { code: string } }
    await admin.put(`/v1/plans/${bundle.plan.code}/bundle`, bundle)
  }
  const [tree, csv, workbook, put, post, spreadsheet, update, publish, overdue, standing, ...more] = commands()
  t.equal(more.length, 0)

  await t.test('a first read needs no key', async t => {
    t.match(await send(anonymous, tree!), { status: 200, body: { plan: { code: 'nottingham-cypp-2016-20' } } })
    t.match(await send(anonymous, csv!), { status: 200, text: /^measure,area,period,.*\r\nsmoking-at-delivery,E06000018,FY2016,/ })
    t.match(await send(anonymous, workbook!), { status: 200, headers: { 'content-disposition': /^attachment; filename="[^"]+\.xlsx"$/ }, text: /^PK/ })
  })

  await t.test('a first push writes one figure, and a delivery sent again counts once', async t => {
    t.match(await send(anonymous, put!), { status: 201, body: { period: 'FY2017', value: 16.9, status: 'provisional' } })
    t.match(await send(anonymous, post!), { status: 200, body: { result: 'applied', counts: { created: 1, updated: 1 } } })
    t.match(await send(anonymous, post!), { status: 200, headers: { 'idempotent-replayed': 'true' }, body: { counts: { created: 1, updated: 1 } } })
    t.match((await anonymous.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017')).body, { value: 16.8, status: 'final', revision: 2 })
  })

  await t.test('a spreadsheet is read with its marks, and a dry run writes nothing', async t => {
    t.match(await send(anonymous, spreadsheet!), { status: 200, body: { result: 'validated', counts: { received: 2, created: 2, rejected: 0 } } })
    t.match(await anonymous.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2018'), { status: 404 })
  })

  await t.test('an update is made once, and what is published with it stays', async t => {
    const { headers } = await send(admin, update!)
    t.match(headers, { location: /^\/v1\/plans\/nottingham-cypp-2016-20\/updates\// })
    t.match(await send(admin, publish!), { status: 201, body: { label: 'V7', visibility: 'public' } })
    const page = (await anonymous.get('/plans/nottingham-cypp-2016-20?publication=V7')).text
    t.match(page, 'Every midwife now offers the <strong>opt-out</strong> route.')
  })

  await t.test('who owes what needs no key', async t => {
    const { body: { items } } = await send(anonymous, overdue!)
    t.ok(items.length > 0)
    for (const item of items) t.match(item, { organisation: 'nottingham-city-ccg', state: 'overdue' })
    t.match((await send(anonymous, standing!)).body.organisations, [{ organisation: 'cdp' }, { organisation: 'nhs-england' }])
  })
})
