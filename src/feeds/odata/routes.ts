// The feed for Power BI, Excel, Tableau and Qlik: OData 4.0, read-only, at /odata/v1/. It describes itself in
// $metadata, and so is not in the OpenAPI document.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from '../../db/kind.js'
import { reading } from '../../http/context.js'
import { recordRead } from '../../http/reads.js'
import { problem } from '../../problems.js'
import { answerError, contextOf, led, readOnly, root, rootUrl, send, sendJson, version } from './answer.js'
import { metadata } from './metadata.js'
import { formOf, requireVersion, type Form } from './negotiation.js'
import { readOptions, readQuery, type Options } from './options.js'
import { countRows, readRows } from './page.js'
import { placeOf, type Place } from './path.js'
import { sets } from './sets.js'
import { nextLink, pageSize, walkOf } from './walk.js'

type Of<K extends Place['kind']> = Extract<Place, { kind: K }>

export async function odata (app: FastifyInstance): Promise<void> {
  app.setErrorHandler(answerError)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(version)
    done(request.method === 'GET' || request.method === 'HEAD' ? undefined : readOnly(request.method))
  })
  for (const url of [root, `${root}/*`]) {
    app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url, config: { role: 'public' }, schema: { hide: true }, handler: answer })
  }
}

async function answer (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  requireVersion(request.headers)
  const [path = '', ...query] = request.raw.url!.split('?')
  const place = placeOf(path.slice(root.length))
  return answers[place.kind](request, reply, place as never, query.join('?'))
}

type Answer<K extends Place['kind']> = (request: FastifyRequest, reply: FastifyReply, place: Of<K>, query: string) => FastifyReply | Promise<FastifyReply>

const answers: { [K in Place['kind']]: Answer<K> } = {
  service: (request, reply, _, query) => {
    const { values } = readQuery(query, ['format'])
    const form = formOf(request.headers.accept, values.get('format'))
    const value = sets.map(({ name }) => ({ name, kind: 'EntitySet', url: name }))
    return sendJson(reply, form, JSON.stringify({ ...context(form, `${rootUrl(request)}/$metadata`), value }))
  },
  // XML whatever is accepted: it is the only form that OData 4.0 has for it.
  metadata: (_, reply, __, query) => {
    const format = readQuery(query, ['format']).values.get('format')
    if (format !== undefined && !['xml', 'application/xml'].includes(format)) throw problem('not_acceptable', '$metadata comes as application/xml.')
    return send(reply, 'application/xml', metadata)
  },
  set: async (request, reply, { set }, query) => {
    const options = readOptions(set, query, ['filter', 'select', 'orderby', 'top', 'skip', 'count', 'skiptoken', 'format'])
    const form = formOf(request.headers.accept, options.format)
    const size = pageSize(request, reply)
    const { pairs, mark } = walkOf(set.name, query)
    const page = await readRows(request.source, reading(request), { set, options, size, mark, exact: form.exact })
    await record(request, page.recorded)
    const head = JSON.stringify({
      ...context(form, contextOf(request, set, options.select)), ...(page.count !== undefined && { '@odata.count': page.count })
    }).slice(0, -1)
    const tail = page.next === null ? '' : `,"@odata.nextLink":${JSON.stringify(nextLink(request, set.name, pairs, page.next))}`
    return sendJson(reply, form, Buffer.concat([Buffer.from(`${head}${head === '{' ? '' : ','}"value":[`), page.items, Buffer.from(`]${tail}}`)]))
  },
  count: async (request, reply, { set }, query) => {
    const { count, recorded } = await countRows(reading(request), set, readOptions(set, query, ['filter']))
    await record(request, recorded)
    return send(reply, 'text/plain', String(count))
  },
  entity: async (request, reply, place, query) => {
    const options = readOptions(place.set, query, ['select', 'format'])
    const form = formOf(request.headers.accept, options.format)
    const row = await readOne(request, place, options, form)
    return sendJson(reply, form, led(context(form, contextOf(request, place.set, options.select, true)), row))
  },
  property: async (request, reply, place, query) => {
    const options = readOptions(place.set, query, ['format'])
    const form = formOf(request.headers.accept, options.format)
    const row = await readOne(request, place, { ...options, select: [place.property] }, form)
    const text = row.toString().slice(JSON.stringify(place.property.name).length + 2, -1)
    if (text === 'null') return reply.code(204).send()
    return sendJson(reply, form, led(context(form, `${rootUrl(request)}/$metadata#${keyed(request, place)}/${place.property.name}`), `{"value":${text}}`))
  },
  value: async (request, reply, place, query) => {
    const row = await readOne(request, place, { ...readOptions(place.set, query, []), select: [place.property] }, { metadata: 'none', exact: true })
    const [value] = Object.values(JSON.parse(row.toString()) as Record<string, unknown>)
    return value === null ? reply.code(204).send() : send(reply, 'text/plain; charset=utf-8', String(value))
  }
}

const context = ({ metadata }: Form, context: string) => metadata === 'none' ? {} : { '@odata.context': context }

/** Set and key as they stand in the address. */
const keyed = ({ raw }: FastifyRequest, { property }: Of<'property'>) => raw.url!.split('?')[0]!.slice(root.length + 1, -property.name.length - 1)

/** The one row of a key, as the text of a JSON object. */
async function readOne (request: FastifyRequest, { set, is }: Omit<Of<'entity'>, 'kind'>, options: Options, form: Form): Promise<Buffer> {
  const page = await readRows(request.source, reading(request), { set, options: { ...options, filter: is, top: 1 }, size: 1, mark: '', exact: form.exact })
  if (page.items.length === 0) throw problem('not_found', `${set.name} has no row of this key.`)
  await record(request, page.recorded)
  return page.items
}

async function record (request: FastifyRequest, sorts: Access[]): Promise<void> {
  for (const sort of sorts) await recordRead(request, sort)
}
