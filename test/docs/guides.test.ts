// The commands of the guides do what these say, in the order in which they stand, each with the key of those it is written for.
import t, { type Test } from 'tap'
import { startWithSample } from '../documents/sample.js'
import { adminKey } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { commandsOf, sender } from './commands.js'

await t.test('the commands of the guides', async t => {
  const { admin, anonymous } = await startWithSample(t)
  await admin.put('/v1/clients/ccg', { organisation: 'nottingham-city-ccg', role: 'contributor', title: 'Uploads' })
  const { body: { key: partner } } = await admin.post('/v1/clients/ccg/keys', {})

  /** Answers what came of the first command in which some words stand. */
  async function run (t: Test, guide: string, key: string) {
    const send = sender(anonymous)
    const answers: Array<Answer & { command: string }> = []
    for (const words of commandsOf(`docs/${guide}.md`, key)) {
      const answer = await send(words)
      const command = words.join(' ')
      t.ok(answer.status < 300, `${guide}: ${command}`, { answer: answer.text.slice(0, 500) })
      t.equal(answer.headers['outturn-warnings'], undefined, `what is named is there: ${command}`)
      t.notMatch(JSON.stringify(answer.body?.warnings ?? []), /unknown_/, `what is named is there: ${command}`)
      answers.push({ command, ...answer })
    }
    return (part: string) => answers.find(({ command }) => command.includes(part))!
  }

  await t.test('for analysts need no key', async t => {
    const answerTo = await run(t, 'analysts', 'none')
    t.match(answerTo('-o figures.csv').text, /^measure,area,.*,measure_title,area_title\r\n(.+\r\n){100}/)
    t.match(answerTo('-o smoking.csv').text, /\r\nsmoking-at-delivery,E92000001,FY2016,/)
    t.match(answerTo('measures?q=').body.items, [{ code: 'smoking-at-delivery' }])
    t.match(answerTo('areas?q=').text, '"code":"E06000018"')
    t.match(answerTo('scorecard').text, /\r\nN16-1a-01,/)
  })

  await t.test('for partners need only the key of a contributor', async t => {
    const answerTo = await run(t, 'partners', partner)
    t.match(answerTo('/v1/returns').text, ',smoking-at-delivery,E06000018,FY2018,')
    t.match(answerTo('dry_run').body, { result: 'validated', warnings: [{ code: 'not_filled_in' }] })
    t.match(answerTo('16.1%').body, { result: 'applied', counts: { created: 2 } })
    t.match(answerTo('mode=partial').body, { result: 'partially_applied', counts: { created: 1, rejected: 1 }, problems: [{ suggestion: 'smoking-at-delivery' }] })
    t.match(answerTo('rejected.csv').text, /^measure,area,period,value,row,problems\r\nsmokng-at-delivery,.*Did you mean/)
    t.match(answerTo('/revert').body, { result: 'applied', counts: { deleted: 1 } })
    t.match(answerTo('/updates').body, { organisations: [{ organisation: 'nottingham-city-ccg', role: 'reporter' }], period: 'FY2018-Q1', sensitivity: 'public' })
    t.match((await anonymous.get('/plans/nottingham-cypp-2016-20')).text, 'Every midwife now offers the <strong>opt-out</strong> route.')
  })

  await t.test('for developers lead from the base address to what changed', async t => {
    const answerTo = await run(t, 'developers', adminKey)
    t.match(answerTo('-o openapi.json').body, { openapi: '3.1.0' })
    t.match(answerTo('latest=true').body, { total: Number, next: String })
    t.match(answerTo('PATCH').body, { version: 2, national_reference: 'PHOF 2.03' })
    t.match(answerTo('/v1/changes').body, { has_more: true, next_cursor: String })
    t.same(answerTo('changed_since').body.items, [])
  })
})
