// outturn import: sends files of figures to a running service. A file whose answer was lost is sent again under the same
// Idempotency-Key, by this run or the next, so that it counts once.
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadClientConfig } from '../config.js'
import { bar, progress } from './progress.js'
import { printReceipt, type Receipt } from './receipt.js'
import { Refusal, send, type Answer, type Remote } from './remote.js'
import { parse, remark, say, stoppable, Stopped, UsageError, wholeNumber } from './usage.js'

const mediaTypes: Record<string, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
}
const formats = Object.keys(mediaTypes)

interface Delivery {
  file: string
  bytes: number
  headers: Record<string, string>
  /** The operation with what it is asked for. */
  path: string
  key: string | null
}

interface Options { mode: 'atomic' | 'partial', dryRun: boolean, again: boolean, json: boolean, format?: string | undefined, rejected?: string | undefined }

export async function importFiles (args: string[]): Promise<number> {
  const { positionals: files, values } = parse(args, {
    mode: { type: 'string', default: 'atomic' },
    'dry-run': { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    format: { type: 'string' },
    rejected: { type: 'string' },
    retries: { type: 'string', default: '5' },
    url: { type: 'string' },
    'key-file': { type: 'string' }
  })
  const { mode, format, rejected, url, retries, 'key-file': keyFile } = values as Record<string, string>
  if (files.length === 0) throw new UsageError('import needs one file or more.')
  if (mode !== 'atomic' && mode !== 'partial') throw new UsageError('--mode is atomic or partial.')
  if (rejected !== undefined && files.length > 1) throw new UsageError('--rejected goes with one file only.')
  for (const file of files) formatOf(file, format)
  const options: Options = { mode, dryRun: values['dry-run'] === true, again: values.again === true, json: values.json === true, format, rejected }
  const config = { ...loadClientConfig({ url, keyFile }), retries: wholeNumber('retries', retries!) }
  return stoppable(async signal => {
    let worst = 0
    for (const file of files) worst = worse(worst, await importFile({ ...config, signal }, file, options))
    return worst
  })
}

/** A failure outweighs rejected rows, as those are known and it is not. */
const worse = (one: number, other: number) => [0, 3, 1].indexOf(one) > [0, 3, 1].indexOf(other) ? one : other

async function importFile (remote: Remote, file: string, options: Options): Promise<number> {
  try {
    const delivery = await prepare(remote, file, options)
    let answer = await deliver(remote, delivery)
    if (answer.attempt === 0 && replayed(answer)) {
      // An earlier run's answer. What it refused may be right by now, for a code that was unknown can have been made since.
      if (refusedRows(receiptOf(answer))) answer = await deliver(remote, { ...delivery, key: `${delivery.key}-${randomUUID()}` })
      else remark(`${file}: delivered before; this is its first answer and nothing was written again. --again delivers it anew.`)
    }
    const receipt = receiptOf(answer)
    if (options.json) say(answer.text)
    else printReceipt(file, receipt)
    if (options.rejected !== undefined) await download(remote, receipt, options.rejected)
    return refusedRows(receipt) ? 3 : 0
  } catch (error) {
    if (error instanceof Stopped) throw new Stopped(`${file}: stopped. Whether it was taken is not known; the same command asks again, and it counts once.`)
    remark(`${file}: ${(error as Error).message}`)
    return 1
  } finally {
    progress('')
  }
}

function formatOf (file: string, named: string | undefined): string {
  const format = named ?? /\.([a-z]+)$/.exec(file.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? ''
  if (mediaTypes[format] === undefined) throw new UsageError(`${file}: its ending is not one of ${formats.map(name => `.${name}`).join(' ')} (also with .gz); say --format ${formats.join('|')}.`)
  return format
}

async function prepare (remote: Remote, file: string, { mode, dryRun, again, format }: Options): Promise<Delivery> {
  const { size } = await stat(file)
  const path = `/v1/datapoint-imports?mode=${mode}${dryRun ? '&dry_run=true' : ''}`
  const headers = { 'content-type': mediaTypes[formatOf(file, format)]!, ...(file.toLowerCase().endsWith('.gz') && { 'content-encoding': 'gzip' }) }
  const hash = createHash('sha256').update(JSON.stringify([remote.url, path, headers]))
  await pipeline(createReadStream(file), hash)
  const key = `outturn-import-${hash.digest('hex')}${again ? `-${randomUUID()}` : ''}`
  // A dry run leaves nothing behind, so it is never answered from what was kept.
  return { file, bytes: size, headers, path, key: dryRun ? null : key }
}

const deliver = (remote: Remote, { file, bytes, headers, path, key }: Delivery): Promise<Answer> => send(remote, path, () => ({
  method: 'POST',
  headers: { ...headers, 'content-length': String(bytes), ...(key !== null && { 'idempotency-key': key }) },
  body: Readable.toWeb(Readable.from(watched(file, bytes), { objectMode: false })) as NonNullable<RequestInit['body']>,
  duplex: 'half'
}))

/** A refusal for the headers alone comes at once. Poured on regardless, a body breaks the connection and takes the answer with it. */
const breath = 500

async function * watched (file: string, bytes: number): AsyncGenerator<Buffer> {
  let sent = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    yield chunk
    if (sent === 0 && chunk.length < bytes) await sleep(breath)
    sent += chunk.length
    if (sent < bytes) bar(sent, bytes, `of ${size(bytes)}  ${file}`)
    else progress(`checking ${file}…`)
  }
}

const size = (bytes: number) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true'

const refusedRows = ({ result, counts }: Receipt) => result === 'rejected' || counts.rejected > 0

/** A rejection is a problem that carries the receipt; any other problem is a failure. */
function receiptOf ({ status, text }: Answer): Receipt {
  if (status === 200 || status === 422) {
    try {
      const body = JSON.parse(text) as Partial<Receipt>
      if (body.result !== undefined && body.counts !== undefined) return body as Receipt
    } catch {}
  }
  throw new Refusal(status, text)
}

async function download (remote: Remote, { links }: Receipt, to: string): Promise<void> {
  if (links?.rejected == null) return
  // The path only: the key goes to the service that was named, and nowhere else.
  const { pathname, search } = new URL(links.rejected, remote.url)
  const { status, text } = await send(remote, pathname + search, undefined, async response => {
    if (!response.ok || response.body === null) return response.text()
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(to))
    return ''
  })
  if (status !== 200) throw new Refusal(status, text)
}
