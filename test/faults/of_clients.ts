// What clients do to each other through the service: absurd requests, readers and senders that stand still, too many at once.
import { connect, type Socket } from 'node:net'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { adminKey } from '../process/storm_clients.js'
import type { Fault, Ground } from './ground.js'
import { bound } from './load.js'

const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' }
const sockets: Socket[] = []

function open ({ service }: Ground, text: string): Socket {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1').on('error', () => {})
  socket.write(text)
  sockets.push(socket)
  return socket
}

async function hangUp (): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy()
}

/** Megabytes that the process has held at most, where the system tells. */
async function most ({ service }: Ground): Promise<number> {
  const status = await readFile(`/proc/${service.child.pid!}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** Two thousand requests that wait for somebody's lock: as many statuses, each with whether it says when to come again. */
async function flood ({ db, service }: Ground): Promise<string[]> {
  const locked = db.sql('begin; lock table organisations; select pg_sleep(8); commit')
  await sleep(100)
  const told = await Promise.all(Array.from({ length: 2000 }, async () => {
    const response = await fetch(`${service.url}/v1/organisations`, { headers, signal: AbortSignal.timeout(bound) })
    await response.text()
    return response.status === 503 && response.headers.has('retry-after') ? 'told to come again' : String(response.status)
  }).map(one => one.catch((error: Error) => error.name)))
  await locked
  return told
}

const absurd: Array<[what: string, path: string, init: RequestInit & { body?: string | Buffer<ArrayBuffer> }]> = [
  ['deep JSON', '/v1/areas/absurd', { method: 'PUT', body: `${'['.repeat(400_000)}${']'.repeat(400_000)}` }],
  ['a hundred thousand parameters', `/v1/datapoints?${'area=a&'.repeat(1500)}`, {}],
  ['a hundred thousand members', '/v1/areas/absurd', { method: 'PUT', body: `{${Array.from({ length: 90_000 }, (_, i) => `"m${i}":1`).join()}}` }],
  ['a bomb', '/v1/datapoint-imports', { method: 'POST', body: gzipSync(Buffer.alloc(60_000_000, '[')), headers: { 'content-encoding': 'gzip' } }],
  ['a bomb of lines', '/v1/datapoint-imports', { method: 'POST', body: gzipSync(`measure,area,period,value\n${'x,y,z,1\n'.repeat(150_000)}`), headers: { 'content-encoding': 'gzip', 'content-type': 'text/csv' } }],
  ['a number of a megabyte', '/v1/measures/fault-a/datapoints/absurd/FY2016', { method: 'PUT', body: `{"value":${'9'.repeat(900_000)}}` }],
  ['a gigantic header', '/v1/areas', { headers: { 'x-absurd': 'a'.repeat(60_000) } }],
  ['too much', '/v1/areas/absurd', { method: 'PUT', body: `{"title":"${'a'.repeat(20_000_000)}"}` }]
]

export const ofClients: Fault[] = [
  {
    name: 'Two thousand slow requests at once',
    goesOn: 'waiting',
    lasts: 0,
    make: async (ground, t) => {
      const told = await flood(ground)
      t.same([...new Set(told)].filter(one => !['200', 'told to come again'].includes(one)), [], 'each is answered, or told to come again')
      t.ok(told.includes('told to come again'))
      t.ok(await most(ground) < 1000, 'in little memory')
    },
    end: async () => {}
  },
  {
    name: 'Absurd requests',
    goesOn: 'everything',
    lasts: 2,
    make: async (ground, t) => {
      for (const [what, path, init] of absurd) {
        const status = await fetch(ground.service.url + path, { ...init, headers: { ...headers, ...init.headers }, signal: AbortSignal.timeout(20_000) }).then(({ status }) => status, () => 'cut off')
        t.ok(typeof status === 'string' || (status >= 400 && status < 500), `${what}: ${status}`)
      }
      const megabytes = await most(ground)
      t.ok(megabytes < 1500, `${Math.round(megabytes)} MB at most`)
    },
    end: async () => {}
  },
  {
    name: 'Two hundred senders that stand still',
    goesOn: 'everything',
    lasts: 2,
    make: async ground => {
      for (let n = 0; n < 200; n++) open(ground, n % 2 === 0 ? 'GET /v1/areas HTTP/1.1\r\nhost: x\r\n' : `POST /v1/datapoint-imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminKey}\r\ncontent-type: text/csv\r\ncontent-length: 9999\r\n\r\nmeasure,`)
    },
    end: hangUp
  },
  {
    name: 'Thirty readers that stop taking what they asked for',
    goesOn: 'everything',
    lasts: 3,
    make: async ground => {
      for (let n = 0; n < 30; n++) open(ground, `GET /v1/datapoints/history?format=csv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminKey}\r\n\r\n`).pause()
      await sleep(200)
    },
    end: hangUp
  }
]
