// Bodies over a real connection: what breaks off has done nothing, what came whole is carried out, whoever is still there.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { spool } from '../../src/http/spool.js'
import { adminKey, start } from '../support/app.js'
import { makeMeasure } from '../support/make.js'
import { openFiles } from '../support/open_files.js'

await t.test('bodies over a real connection', async t => {
  const { app, admin, connection } = await start(t)
  await makeMeasure(admin, 'count', { unit: 'count' })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const path = '/v1/datapoint-imports'

  async function open (lines: string[]): Promise<Socket> {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write([`POST ${path} HTTP/1.1`, 'host: outturn', `authorization: Bearer ${adminKey}`, 'content-type: text/csv', ...lines, '', ''].join('\r\n'))
    return socket
  }

  async function answerOf (socket: Socket): Promise<string> {
    let text = ''
    for await (const part of socket) text += String(part)
    return text
  }

  const receipts = async () => (await admin.get(path, { query: { count: true } })).body.total as number
  /** No connection of the database is lent, and no file held, where the system tells. */
  const idle = () => connection.pool.totalCount === connection.pool.idleCount && openFiles() === 0

  /** Waits for what happens without an answer. */
  async function until (met: () => boolean | Promise<boolean>): Promise<boolean> {
    for (let n = 0; n < 200; n++) {
      if (await met()) return true
      await pause(50)
    }
    return false
  }

  const line = (year: number) => `count,E06000018,FY${year},1,${'x'.repeat(3900)}\n`
  const head = 'measure,area,period,value,note\n'
  /** More than is held in memory. */
  const long = head + Array.from({ length: 5 * 280 }, (_, i) => line(1900 + i % 280)).join('')

  await t.test('a delivery whose client goes while it is carried out is carried out all the same', async t => {
    const other = await connection.pool.connect()
    await other.query('begin; lock table imports in access exclusive mode')
    const socket = await open([`content-length: ${long.length}`, 'connection: close'])
    socket.write(long)
    const waits = async () => (await other.query('select from pg_locks where not granted and relation = \'imports\'::regclass')).rowCount === 1
    t.ok(await until(waits), 'it comes as far as its receipt')
    socket.destroy()
    await once(socket, 'close')
    await other.query('rollback')
    other.release()
    t.ok(await until(async () => await receipts() === 1), 'its receipt is there')
    t.match((await admin.get(path)).body.items, [{ result: 'applied', counts: { received: 1400, created: 280, unchanged: 1120 } }])
    t.ok(await until(idle))
  })

  await t.test('a body that breaks off has done nothing and holds nothing', async t => {
    for (const [headers, body] of [
      [[`content-length: ${long.length + 1}`], long],
      [['content-length: 100'], head],
      [['transfer-encoding: chunked'], `${long.length.toString(16)}\r\n${long}\r\n`],
      [['transfer-encoding: chunked', 'content-encoding: gzip'], 'fff\r\nabc']
    ] as const) {
      const socket = await open([...headers])
      socket.write(body, () => socket.destroy())
      await once(socket, 'close')
    }
    t.ok(await until(idle))
    t.equal(await receipts(), 1)
  })

  await t.test('gzip is taken in any case, also chunked, and what is damaged or announced wrongly is told', async t => {
    const text = head + line(2100)
    const packed = gzipSync(text)
    const send = (payload: Buffer | string, encoding: string) => app.inject({ method: 'POST', url: path, payload, headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'text/csv', 'content-encoding': encoding } })
    for (const encoding of ['gzip', 'GZIP', 'x-gzip']) t.equal((await send(packed, encoding)).statusCode, 200, encoding)
    for (const encoding of ['identity', 'Identity', '']) t.equal((await send(text, encoding)).statusCode, 200, encoding)
    for (const [payload, encoding, status] of [[text, 'gzip', 400], [packed.subarray(0, -9), 'gzip', 400], [packed, 'identity', 400], [packed, 'br', 415], [packed, 'gzip, gzip', 415]] as const) {
      t.equal((await send(payload, encoding)).statusCode, status, `${encoding} ${status}`)
    }
    const socket = await open(['transfer-encoding: chunked', 'content-encoding: gzip', 'connection: close'])
    for (const byte of packed) socket.write(`1\r\n${String.fromCharCode(byte)}\r\n`, 'latin1')
    socket.write('0\r\n\r\n')
    t.match(await answerOf(socket), /^HTTP\/1.1 200 [^]*"unchanged":1/)
  })

  await t.test('a body announced as too long is refused before it is sent', async t => {
    const socket = await open(['content-length: 2000000000', 'expect: 100-continue'])
    t.match(await answerOf(socket), /HTTP\/1.1 413 [^]*"code":"too_large"/)
    t.match(await answerOf(await open(['content-length: 5', 'content-length: 6', 'connection: close'])), /^HTTP\/1.1 400 /)
  })
})

await t.test('of many bodies at once, only so many are held in memory', async t => {
  const body = Buffer.alloc(3 * 1024 * 1024, 'x')
  const spools = await Promise.all(Array.from({ length: 40 }, () => spool(Readable.from([body]), { type: 'text/csv', encoding: undefined, announced: undefined, limit: 1e9 })))
  const held = () => spools.filter(one => Buffer.isBuffer(one.held)).length
  t.ok(held() > 0 && held() * body.length <= 64 * 1024 * 1024, `${held()} in memory`)
  for (const one of spools) t.ok((await one.bytes()).equals(body))
  for (const one of spools) await one.dispose()
  const another = await spool(Readable.from([body]), { type: 'text/csv', encoding: undefined, announced: undefined, limit: 1e9 })
  t.ok(Buffer.isBuffer(another.held), 'what was let go makes room')
  await another.dispose()
})
