// Ten thousand rows with ten kinds of faults: all found in one answer, by row and column, and the answer stays small.
import t from 'tap'
import { start } from '../support/app.js'
import { dice, seedFrom } from '../support/random.js'
import { checkReceipt, checkValues, faultyDelivery, size, world } from './faulty_delivery.js'
import { deliver, pull } from './figures.js'

const seed = seedFrom(process.env.FAULTS_SEED)

await t.test(`every fault of a delivery of ten thousand rows (FAULTS_SEED=${seed})`, async t => {
  const { admin } = await start(t)
  await world(admin)
  const rows = faultyDelivery(seed)
  const sent = rows.map(({ row }) => row)
  const answer = await deliver(admin, sent)

  await t.test('is found in one answer, by index and column, and the receipt is under 100 kB', async t => {
    checkReceipt(t, answer, rows, i => i)
    checkValues(t, answer.body.problems, (place, column) => column === 'breakdown' ? `sex=${(sent[place]!.breakdown as { sex: string }).sex}` : sent[place]![column])
    t.same(await pull(admin), [], 'and nothing is written')
  })

  await t.test('is what the receipt says when it is read again', async t => {
    t.strictSame((await admin.get(answer.body.links.self)).body.problems, answer.body.problems)
  })

  await t.test('is found in whatever order the rows come', async t => {
    const { roll } = dice(seed + 1)
    const shuffled = [...rows]
    for (let i = size - 1; i > 0; i--) {
      const j = roll(i + 1)
      const [a, b] = [shuffled[i]!, shuffled[j]!]
      shuffled[i] = b
      shuffled[j] = a
    }
    checkReceipt(t, await deliver(admin, shuffled.map(({ row }) => row)), shuffled, i => i)
  })

  await t.test('keeps out its own row only, where the good ones are to be written', async t => {
    const { status, body } = await deliver(admin, sent, { mode: 'partial' })
    const bad = rows.filter(({ faults }) => faults.length > 0).length
    t.match({ status, body }, { status: 200, body: { result: 'partially_applied', counts: { received: size, created: size - bad, rejected: bad } } })
    t.strictSame(body.problems, answer.body.problems, 'and is told in the same words')
    t.equal((await admin.get('/v1/datapoints?limit=1&count=true')).body.total, size - bad)
  })
})
