// Errors have one form, held for every operation. The test client checks each one for its media type and its code.
import t from 'tap'
import { problems } from '../../src/problems.js'
import type { Operation } from './operations.js'
import { hold } from './exceptions.js'
import { exampleOf, world } from './world.js'

await t.test('errors of every operation', async t => {
  const w = await world(t)
  const json = { 'content-type': 'application/json' }
  const writing = w.operations.filter(operation => operation.body !== null)
  const send = (operation: Operation, body?: unknown, headers: Record<string, string> = {}, query: Record<string, string> = {}) =>
    w.admin.send(operation.method, w.url(operation), body, { headers, query })

  await t.test('an address that names nothing is 404', async t => {
    for (const path of ['/nothing', '/v1/nothing', '/v1/plans/plan-a/nothing', '/v1/plans/plan-a/', '/v2/plans', '/V1/plans']) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        t.match(await w.admin.send(method, path), { status: 404, body: { code: 'not_found', instance: path } }, `${method} ${path}`)
      }
    }
  })

  await t.test('a code in the path that names nothing is 404', async t => {
    for (const operation of w.operations) {
      const names = operation.parameters.filter(parameter => parameter.in === 'path').map(parameter => parameter.name).filter(name => name !== 'period')
      for (const name of operation.method === 'PUT' && names.at(-1) !== 'area' ? names.slice(0, -1) : names) {
        const answer = await w.admin.send(operation.method, w.url(operation, { [name]: 'not-held' }), operation.body ? exampleOf(operation) : undefined, { etag: '"1"' })
        if (operation.method === 'PUT' && operation.path === '/v1/areas/{area}') continue
        t.match(answer, { status: 404, body: { code: 'not_found' } }, `${operation.id} without its ${name}`)
      }
    }
  })

  await t.test('a method that a path does not have is 405 and names those it has', async t => {
    for (const [path, methods] of Object.entries(w.openapi.paths)) {
      const has = Object.keys(methods).map(method => method.toUpperCase())
      const allow = [...new Set([...has, ...(has.includes('GET') ? ['HEAD'] : [])])].sort()
      const url = w.url(w.operations.find(operation => operation.path === path)!)
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'OPTIONS'].filter(method => !has.includes(method))) {
        const answer = await w.admin.send(method, url)
        t.match(answer, { status: 405, body: { code: 'method_not_allowed' } }, `${method} ${path}`)
        t.same(answer.headers.allow?.split(', ').sort(), allow, `${method} ${path} names the methods`)
      }
    }
  })

  await t.test('an unknown query parameter is refused with its name', async t => {
    for (const operation of w.operations) {
      const answer = await send(operation, operation.body ? exampleOf(operation) : undefined, {}, { nonsense: '1' })
      t.match(answer, { status: 400, body: { code: 'invalid_input', errors: [{ pointer: '?nonsense', code: 'unknown_parameter' }] } }, operation.id)
    }
  })

  await t.test('an unknown member of the body is refused with a pointer', async t => {
    for (const operation of writing) {
      const answer = await send(operation, { ...exampleOf(operation), 'non/sen~se': 1 })
      t.match(answer, { status: 400, body: { code: 'invalid_input', errors: [{ pointer: '/non~1sen~0se', code: 'unknown_member' }] } }, operation.id)
    }
  })

  await t.test('a body of another type than an object is refused', async t => {
    for (const operation of writing) {
      for (const body of ['[]', 'null', '1', '"text"', '']) t.match(await send(operation, body, json), { status: 400, body: { code: 'invalid_input' } }, `${operation.id} with '${body}'`)
      if (operation.body!.component !== 'KeyRequest') t.match(await send(operation), { status: 400, body: { code: 'invalid_input' } }, `${operation.id} without a body`)
    }
  })

  await t.test('a body that is not JSON is refused', async t => {
    for (const operation of writing) {
      t.match(await send(operation, '{"title": ', json), { status: 400, body: { code: 'invalid_input' } }, operation.id)
      t.match(await send(operation, '{"__proto__": {"role": "admin"}}', json), { status: 400, body: { code: 'invalid_input' } }, `${operation.id} with __proto__`)
    }
  })

  await t.test('a media type that the document does not list is 415', async t => {
    for (const operation of writing) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/merge-patch+json', 'application/json'].filter(type => !operation.body!.media.includes(type))) {
        t.match(await send(operation, JSON.stringify(exampleOf(operation)), { 'content-type': type }), { status: 415, body: { code: 'unsupported_media_type' } }, `${operation.id} as ${type}`)
      }
    }
  })

  await t.test('a body that an operation does not have is refused, whatever it is', async t => {
    for (const operation of w.operations.filter(({ method, body }) => method !== 'GET' && body === null)) {
      for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'application/merge-patch+json' }, { 'content-type': 'multipart/form-data' }, { ...json, 'content-length': '2000000000' }]) {
        t.match(await send(operation, 'nothing', headers), { status: 400, body: { code: 'invalid_input' } }, `${operation.id} with ${JSON.stringify(headers)}`)
      }
    }
  })

  await t.test('a body that is too large is 413', async t => {
    for (const operation of writing) {
      t.match(await send(operation, '{}', { ...json, 'content-length': '2000000000' }), { status: 413, body: { code: 'too_large' } }, operation.id)
    }
    t.match(await send(w.byId('putPlan'), JSON.stringify({ title: 'x'.repeat(2_000_000) }), json), { status: 413 }, 'also where only reading tells')
  })

  await t.test('a format that is not offered is 406', async t => {
    for (const operation of w.operations) {
      const answer = await send(operation, operation.body ? exampleOf(operation) : undefined, { accept: 'image/png' })
      t.match(answer, { status: 406, body: { code: 'not_acceptable' } }, operation.id)
    }
  })

  await t.test('every refusal in the document is a Problem', async t => {
    for (const operation of w.operations) {
      for (const [status, { content }] of Object.entries(operation.responses).filter(([status]) => Number(status) >= 400)) {
        t.same(Object.keys(content ?? {}), ['application/problem+json'], `${operation.id} ${status} has the media type of a problem`)
        hold(t, 'answers refusals as Problem', `${operation.id} ${status}`, content?.['application/problem+json']?.schema.$ref === '#/components/schemas/Problem')
      }
    }
  })

  await t.test('the type of every problem leads to a page that says what to do', async t => {
    const list = (await w.anonymous.get('/problems')).text
    for (const [code, [status, title, , remedy]] of Object.entries(problems)) {
      const { status: found, headers, text } = await w.anonymous.get(`/problems/${code}`, { headers: { accept: 'text/html' } })
      t.equal(found, 200, code)
      t.match(headers['content-type'], /^text\/html/, code)
      for (const words of [code, String(status), title, remedy]) t.ok(text.includes(words.replaceAll("'", '&#39;')), `${code} says '${words}'`)
      t.ok(list.includes(`href="/problems/${code}"`), `${code} stands in the list`)
    }
    t.match(await w.anonymous.get('/problems/no_such_code'), { status: 404, body: { code: 'not_found' } })
  })
})
