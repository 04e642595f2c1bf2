// ETags in If-Match and If-None-Match, as clients and proxies write them.
import t from 'tap'
import { start } from '../support/app.js'

await t.test('etags', async t => {
  const { admin } = await start(t)
  await admin.put('/v1/areas/tagged', { title: 'Tagged', kind: 'other' })
  let version = 1
  const patch = (etag: string) => admin.patch('/v1/areas/tagged', { title: `Tagged ${version}` }, { etag })

  await t.test('quoted, weak, listed and starred tags are read', async t => {
    for (const write of [(tag: string) => tag, (tag: string) => `W/${tag}`, (tag: string) => `"99", ${tag}`, (tag: string) => `"99",W/${tag} , "98"`, () => '*', (tag: string) => ` ${tag} `]) {
      t.match(await patch(write(`"${version}"`)), { status: 200, etag: `"${++version}"`, body: { version } })
    }
  })

  await t.test('a tag of another version is stale, whatever it looks like', async t => {
    for (const etag of ['"99"', '"01"', '"1.0"', '""', '"abc"', `"${version - 1}"`]) t.match(await patch(etag), { status: 412, body: { code: 'stale_version' } }, etag)
  })

  await t.test('what is no tag is refused with the form of one', async t => {
    for (const etag of [String(version), `'${version}'`, `"${version}`, `${version}"`, 'W/', `"${version}" "2"`, '"a b"']) t.match(await patch(etag), { status: 400, body: { code: 'invalid_input', errors: [{ pointer: 'if-match' }] } }, etag)
    t.match(await admin.get('/v1/areas/tagged', { headers: { 'if-none-match': '1' } }), { status: 400 })
  })

  await t.test('GET, PUT and PATCH give the same tag for the same version', async t => {
    const got = await admin.get('/v1/areas/tagged')
    t.equal((await admin.put('/v1/areas/tagged', got.body)).etag, got.etag)
    t.equal((await admin.send('HEAD', '/v1/areas/tagged')).etag, got.etag)
    t.match(await admin.get('/v1/areas/tagged', { headers: { 'if-none-match': got.etag } }), { status: 304, etag: got.etag, text: '' })
    t.match(await admin.get('/v1/areas/tagged', { headers: { 'if-none-match': '*' } }), { status: 304 })
  })

  await t.test('a thing deleted and made again starts a new line of versions', async t => {
    await admin.delete('/v1/areas/tagged', { etag: '*' })
    t.match(await admin.put('/v1/areas/tagged', { title: 'Again', kind: 'other' }), { status: 201, etag: '"1"' })
    t.match(await patch(`"${version}"`), { status: 412 })
  })
})
