// What befalls the wire between the service and its database, and the way of answers to the clients.
import { proxy } from '../process/proxy.js'
import type { Fault } from './ground.js'

const pass: Fault['end'] = async ({ wire }) => { wire.become('pass') }

let detour: Awaited<ReturnType<typeof proxy>> | undefined

export const ofNetwork: Fault[] = [
  { name: 'The wire to the database is cut', quick: true, goesOn: 'nothing', lasts: 2, make: async ({ wire }) => { wire.become('cut') }, end: pass },
  { name: 'The wire to the database falls silent', goesOn: 'nothing', lasts: 12, make: async ({ wire }) => { wire.become('silent') }, end: pass },
  { name: 'The connections to the database are forgotten on the way', goesOn: 'nothing', lasts: 6, make: async ({ wire }) => { wire.become('forgotten') }, end: pass },
  { name: 'The wire to the database is slow', goesOn: 'everything', lasts: 5, make: async ({ wire }) => { wire.become('slow') }, end: pass },
  {
    name: 'Every third answer is lost on its way',
    quick: true,
    goesOn: 'everything',
    lasts: 2,
    unanswered: true,
    make: async (ground, t) => {
      detour = await proxy(t, ground.service.url, (_, count) => count % 3 === 0 ? 'cut' : 'pass')
      ground.detour = detour.url
    },
    end: async ground => { ground.detour = null }
  }
]
