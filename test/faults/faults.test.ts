// One fault after the other befalls a service under load: what clients see, how soon it is well again, and what was lost.
import t from 'tap'
import { befall, prepareGround } from './ground.js'
import { faults } from './list.js'

const only = process.env.FAULT

await t.test('faults', async t => {
  const ground = await prepareGround(t)
  for (const fault of faults) {
    if (only !== undefined && !fault.name.includes(only)) continue
    await t.test(fault.name, { skip: fault.needs === 'disks' && ground.disks === null && 'only root may make a small disk' }, async t => {
      t.comment(JSON.stringify(await befall(t, ground, fault)))
    })
  }
  t.equal(await ground.service.stop(), 0)
})
