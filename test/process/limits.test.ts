// Three processes on a primary and a streaming replica: what a client may ask is one allowance, whichever of them it asks and
// whether one is started anew, and so are the wrong keys of an address. Allowances of this test hardly fill again.
import t from 'tap'
import { several } from '../replica/world.js'
import type { Service } from '../support/process.js'

await t.test('three processes on a primary and a replica', async t => {
  const { services, restart, keyOf } = await several(t, { settings: { OUTTURN_RATE_LIMIT: '0.01/300', OUTTURN_ANONYMOUS_RATE_LIMIT: '0.01/100' } })
  const { key: greedy, id } = await keyOf('greedy', 'reader')
  const { key: modest } = await keyOf('modest', 'reader')
  const path = '/v1/measures/count'
  const ask = async ({ url }: Pick<Service, 'url'>, as?: string) => {
    const response = await fetch(url + path, { headers: as === undefined ? {} : { authorization: `Bearer ${as}` } })
    await response.arrayBuffer()
    return response
  }
  const statusOf = async (on: Service, as?: string) => (await ask(on, as)).status
  /** So many at once, in turn through each. */
  const answered = async (count: number, as?: string) => {
    const statuses = await Promise.all(Array.from({ length: count }, (_, i) => statusOf(services[i % services.length]!, as)))
    t.same([...new Set(statuses)].sort(), [200, 429])
    return statuses.filter(status => status === 200).length
  }

  await t.test('a client has one allowance, and a fiftieth of its burst for each further process', async t => {
    const all = await answered(900, greedy)
    t.ok(all >= 300 && all <= 312, `${all} of 300`)
    for (const on of services) {
      const { headers } = await ask(on, greedy)
      t.match(['retry-after', 'ratelimit', 'ratelimit-policy'].map(name => headers.get(name)), [/^\d+$/, /^"requests";r=0;t=\d+$/, '"requests";q=300;w=30000'])
    }
  })

  await t.test('all without a key share one over all processes', async t => {
    const all = await answered(300)
    t.ok(all >= 100 && all <= 104, `${all} of 100`)
  })

  await t.test('another client has its own', async t => {
    for (const on of services) t.equal(await statusOf(on, modest), 200)
  })

  await t.test('a process that was killed and started anew finds what was spent', async t => {
    await services[1]!.kill()
    await restart(1)
    const statuses: number[] = []
    for (let i = 0; i < 20; i++) statuses.push(await statusOf(services[1]!, greedy))
    t.ok(statuses.indexOf(429) <= 6 && !statuses.slice(6).includes(200), 'no more than a fiftieth until it has heard')
  })

  await t.test('who is told to wait is still told that the key is revoked', async t => {
    t.equal((await services[0]!.send('DELETE', `/v1/clients/greedy/keys/${id}`)).status, 204)
    for (const on of services) t.equal(await statusOf(on, greedy), 401)
  })

  await t.test('wrong keys of an address are counted together', async t => {
    const began = performance.now()
    const statuses: number[] = []
    for (let i = 0; i < 90; i++) statuses.push(await statusOf(services[i % 3]!, 'wrong'))
    const heard = statuses.filter(status => status === 401).length
    const since = (performance.now() - began) / 1000
    // Thirty, less the three above, one more for each further process, and one every two seconds.
    t.ok(heard >= 27 && heard <= 29 + Math.ceil(since / 2) + 1, `${heard} heard in ${since} s`)
    t.equal(statuses.at(-1), 429)
  })
})
