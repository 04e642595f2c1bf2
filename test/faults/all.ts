// One fault after the other befalls one service.
import type { Test } from 'tap'
import { befall, prepareGround, type Fault, type Row } from './ground.js'
import { tableOf } from './table.js'

export async function all (t: Test, faults: Fault[]): Promise<void> {
  const ground = await prepareGround(t)
  const rows: Row[] = []
  for (const fault of faults) {
    const skip = fault.needs === 'disks' && ground.disks === null && 'only root may make a small disk'
    await t.test(fault.name, { skip }, async t => {
      const row = await befall(t, ground, fault)
      rows.push(row)
      if (process.env.VERBOSE !== undefined) process.stderr.write(`${JSON.stringify(row)} ${t.passing()}\n`)
    })
  }
  t.equal(await ground.service.stop(), 0, 'the service stops well', { said: ground.service.said.err.slice(-2000) })
  process.stderr.write(`${tableOf(rows)}\n`)
}
