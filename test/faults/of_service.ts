// What befalls the service itself: ended, killed, stopped for a while, its clock set, its disk full.
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { adminKey } from '../process/storm_clients.js'
import type { Fault, Ground } from './ground.js'

const again: Fault['end'] = ({ startService }) => startService()
const setClock = (hours: number): Fault['make'] => async ({ clock }) => {
  await writeFile(clock, String(hours * 3_600_000))
  await sleep(100)
}

/** A delivery that needs more room than there is, and is told so. */
async function large ({ service }: Ground) {
  const line = 'fault-a,nowhere,FY2016,1\n'
  const response = await fetch(`${service.url}/v1/datapoint-imports`, {
    method: 'POST', headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'text/csv' }, body: `measure,area,period,value\n${line.repeat(800_000)}`, signal: AbortSignal.timeout(20_000)
  })
  return { status: response.status, after: response.headers.get('retry-after'), body: await response.json() as { code: string } }
}

export const ofService: Fault[] = [
  { name: 'The service is stopped (SIGTERM) and started', quick: true, goesOn: 'nothing', lasts: 0.5, unanswered: true, make: async ({ service }, t) => t.equal(await service.stop(), 0, 'it ends well'), end: again },
  { name: 'The service is killed (kill -9) and started', goesOn: 'nothing', lasts: 0.5, unanswered: true, make: ({ service }) => service.kill(), end: again },
  { name: 'The service stands still for 3 seconds', goesOn: 'waiting', lasts: 3, make: async ({ service }) => service.signal('SIGSTOP'), end: async ({ service }) => service.signal('SIGCONT') },
  { name: 'The clock of the service jumps an hour ahead', goesOn: 'everything', lasts: 2, make: setClock(1), end: setClock(0) },
  { name: 'The clock of the service jumps a day back', goesOn: 'everything', lasts: 2, make: setClock(-24), end: setClock(0) },
  {
    name: 'The disk for deliveries on their way is full',
    goesOn: 'everything',
    lasts: 2,
    needs: 'disks',
    make: async (ground, t) => t.match(await large(ground), { status: 503, after: /^\d+$/, body: { code: 'unavailable' } }),
    end: async () => {}
  }
]
