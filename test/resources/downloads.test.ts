// Downloads and those who read them: from one state, slowly, not at all, compressed, or more of them than there is room for.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect as dial, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { connect } from '../../src/db/connection.js'
import { tie, whenClosed } from '../../src/http/streams.js'
import { adminKey, start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { until } from '../support/process.js'
import { at, city, deliver, fill, row } from './figures.js'

const formats = ['csv', 'ndjson', 'xlsx']

await t.test('downloads', async t => {
  const { app, admin, connection } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  await deliver(admin, [row('count', 'FY2016', { value: 1 })])
  await fill(connection.pool, 500, 640)

  await t.test('compressed for those who ask, it is the same bytes', async t => {
    const unpack: Record<string, (bytes: Buffer) => Buffer> = { br: bytes => brotliDecompressSync(bytes), gzip: bytes => gunzipSync(bytes) }
    const get = (url: string, encoding?: string, headers = {}) => app.inject({ url, headers: { authorization: `Bearer ${adminKey}`, ...(encoding !== undefined && { 'accept-encoding': encoding }), ...headers } })
    for (const url of ['/v1/datapoints?format=csv', '/v1/datapoints?format=ndjson', '/v1/datapoints?limit=1000', '/v1/datapoints/history?format=csv', '/openapi.json']) {
      const plain = await get(url)
      t.notOk(plain.headers['content-encoding'], url)
      for (const [sent, expected] of [['br', 'br'], ['gzip', 'gzip'], ['gzip, deflate, br', 'br'], ['gzip;q=1, br;q=0.1', 'gzip']] as const) {
        const { statusCode, headers, rawPayload } = await get(url, sent)
        t.match({ statusCode, encoding: headers['content-encoding'] }, { statusCode: 200, encoding: expected }, `${url} ${sent}`)
        t.ok(unpack[expected]!(rawPayload).equals(plain.rawPayload), `${url} ${sent}`)
        t.ok(rawPayload.length < plain.rawPayload.length)
        t.same(String(headers.vary).toLowerCase().split(/, */).sort(), ['accept', 'accept-encoding', 'authorization'], 'caches tell the variants apart')
      }
      for (const sent of ['identity', 'zstd', 'nonsense', 'identity;q=0', '*;q=0']) {
        const { statusCode, rawPayload } = await get(url, sent)
        t.ok(statusCode === 200 && rawPayload.equals(plain.rawPayload), `${url} ${sent} is no reason to refuse`)
      }
    }
    const workbook = await get('/v1/datapoints?format=xlsx&period=FY2016', 'gzip')
    t.notOk(workbook.headers['content-encoding'], 'a workbook is compressed already')
    const { headers } = await get('/v1/measures/count', 'gzip')
    t.match(await get('/v1/measures/count', 'gzip', { 'if-none-match': headers.etag }), { statusCode: 304, body: '' })
  })

  // More than any socket buffers, so that a download cannot end before it is abandoned.
  await fill(connection.pool, 9000, 3840)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  /** A reader that takes the first bytes and then stops. */
  async function begin (format: string, to = port): Promise<{ socket: Socket, first: string }> {
    const socket = dial(to, '127.0.0.1')
    socket.write(`GET /v1/datapoints?format=${format} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${adminKey}\r\n\r\n`)
    const [first] = await once(socket, 'data') as [Buffer]
    socket.pause()
    return { socket, first: first.toString() }
  }

  async function rest (socket: Socket): Promise<string> {
    let text = ''
    for await (const chunk of socket.setEncoding('latin1')) text += chunk as string
    return text
  }

  await t.test('the one too many is told when to come again, and nobody else is held up', async t => {
    const readers = await Promise.all(Array.from({ length: 4 }, async (_, i) => begin(formats[i % 3]!)))
    for (const { first } of readers) t.match(first, /^HTTP\/1.1 200/)
    for (const format of formats) {
      t.match(await admin.get(`/v1/datapoints?format=${format}`), { status: 503, headers: { 'retry-after': '5' }, body: { code: 'unavailable' } }, format)
    }
    t.match(await admin.get(at('count', 'FY2016')), { status: 200 })
    t.match(await admin.get('/v1/datapoints?limit=1'), { status: 200 })
    for (const { socket } of readers) socket.destroy()
  })

  await t.test('one that fails before its first row is told so, in each format, and one that is given up before it leaves room', async t => {
    const other = await connection.pool.connect()
    const waiting = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    const ask = (format: string, more: RequestInit = {}) => fetch(`http://127.0.0.1:${port}/v1/datapoints?format=${format}`, { headers: { authorization: `Bearer ${adminKey}` }, ...more })
    for (const format of formats) {
      await other.query('begin; lock table figures in access exclusive mode')
      const asked = ask(format)
      await until('a download that waits', async () => (await connection.pool.query(`select pg_terminate_backend(pid) ${waiting}`)).rowCount! > 0)
      const answer = await asked
      t.match({ status: answer.status, wait: answer.headers.get('retry-after'), state: answer.headers.get('outturn-cursor'), body: await answer.json() }, { status: 503, wait: '5', state: null, body: { code: 'unavailable' } }, format)
      await Promise.all(Array.from({ length: 4 }, async () => {
        const reader = new AbortController()
        const given = ask(format, { signal: reader.signal })
        await until('a download that waits', async () => (await connection.pool.query(`select ${waiting}`)).rowCount! > 0)
        reader.abort()
        await given.catch(() => {})
      }))
      await other.query('rollback')
      t.equal(await until('room for another', async () => {
        const { status, body } = await ask(format)
        await body!.cancel()
        return status !== 503 && status
      }), 200)
    }
    other.release()
  })

  await t.test('an abandoned download gives its connection back, in each format', async t => {
    const small = connect(connection.url, { max: 2 })
    const other = await buildApp({ connection: small, adminKey })
    await other.listen({ host: '127.0.0.1', port: 0 })
    const { port } = other.server.address() as AddressInfo
    for (const format of [...formats, ...formats]) {
      // Until the one before has been noticed to be gone, there is no room.
      let reader = await begin(format, port)
      for (let i = 0; i < 200 && reader.first.startsWith('HTTP/1.1 503'); i++) {
        await new Promise(resolve => setTimeout(resolve, 10))
        reader = await begin(format, port)
      }
      t.match(reader.first, /^HTTP\/1.1 200/, format)
      reader.socket.destroy()
    }
    const answer = await fetch(`http://127.0.0.1:${port}/v1/datapoints?limit=1&measure=count&area=${city}`)
    t.equal(answer.status, 200)
    t.equal((await answer.json() as { items: unknown[] }).items.length, 1)
    await other.close()
    await small.close()
  })

  await t.test('what is written while a download goes on is not in it, and is in the next', async t => {
    for (const [i, format] of ['csv', 'ndjson'].entries()) {
      const { socket, first } = await begin(format)
      await deliver(admin, [row('count', `FY203${i}`, { value: 1 }), row('count', 'FY2016', { value: 100 + i })])
      await admin.delete(`/v1/measures/count/datapoints/${city}/FY2016`)
      const text = first + await rest(socket)
      t.match(text, /R-9000\b/, `${format} is whole`)
      t.ok(text.includes('FY2016'), `${format} has what was withdrawn since`)
      t.notOk(text.includes(`FY203${i}`), `${format} has not what was added since`)
      t.ok((await admin.get(`/v1/datapoints?format=${format}`)).text.includes(`FY203${i}`))
      await deliver(admin, [row('count', 'FY2016', { value: 1 })])
    }
  })

  await t.test('what hangs on an answer ends with it, also where the reader has left before', async t => {
    const ended = new Promise<string[]>(resolve => {
      const heard: string[] = []
      const server = createServer((_, answer) => {
        whenClosed(answer, () => { heard.push('waited for') })
        answer.once('close', () => {
          whenClosed(answer, () => { heard.push('over before') })
          resolve(heard)
        })
      }).listen(0, '127.0.0.1', () => {
        const socket = dial((server.address() as AddressInfo).port, '127.0.0.1', () => { socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n') })
        server.once('request', () => { socket.destroy() })
      })
      t.teardown(() => { server.close() })
    })
    t.same(await ended, ['waited for', 'over before'])
  })

  await t.test('a reader that takes nothing any more is cut off, one that reads is not', async t => {
    const source = () => new Readable({ read () { this.push(Buffer.alloc(65_536)) } })
    const sources: Readable[] = []
    const server = createServer((_, answer) => {
      const endless = source()
      sources.push(endless)
      // Long enough for a busy machine to read something in.
      tie(answer, endless, 1000)
      endless.pipe(answer)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const [stalled, busy] = [dial(port, '127.0.0.1'), dial(port, '127.0.0.1')]
    for (const socket of [stalled, busy]) {
      socket.on('error', () => {}).write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      await once(socket, 'data')
    }
    stalled.pause()
    busy.resume()
    await once(sources[0]!, 'close')
    t.ok(sources[0]!.destroyed, 'and its source is ended')
    t.notOk(sources[1]!.destroyed)
    busy.destroy()
    if (!sources[1]!.destroyed) await once(sources[1]!, 'close')
    stalled.destroy()
    server.close()
  })
})
