// The document is committed, byte for byte as the routes make it. With UPDATE=1 this test writes the file.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { buildApp } from '../../src/app.js'
import { root } from '../../src/config.js'
import { connect } from '../../src/db/connection.js'
import { document } from '../../src/http/openapi.js'

const file = join(root, 'openapi/openapi.json')

await t.test('the OpenAPI document', async t => {
  // Nothing answers at this address: the document needs no database.
  const app = await buildApp({ connection: connect('postgres://nowhere.invalid/none') })
  await app.ready()
  t.teardown(() => app.close())
  const text = `${JSON.stringify(document(app), null, 2)}\n`

  await t.test('is the committed one, made without a database', async t => {
    if (process.env.UPDATE !== undefined) await writeFile(file, text)
    const committed = await readFile(file, 'utf8').catch(() => '')
    t.ok(committed === text, 'openapi/openapi.json is up to date; UPDATE=1 writes it')
    t.same(JSON.parse(committed || 'null'), JSON.parse(text))
  })

  await t.test('is made the same each time', async t => {
    const other = await buildApp({ connection: connect('postgres://nowhere.invalid/none'), publicUrl: 'https://outturn.example.gov.uk' })
    await other.ready()
    t.teardown(() => other.close())
    t.ok(`${JSON.stringify(document(other), null, 2)}\n` === text)
  })

  await t.test('is served as JSON', async t => {
    const { statusCode, headers, body } = await app.inject('/openapi.json')
    t.equal(statusCode, 200)
    t.match(headers['content-type'], /^application\/json/)
    t.ok(body.trimEnd() === text.trimEnd())
  })

  await t.test('is served as YAML that says the same', async t => {
    const { statusCode, headers, body } = await app.inject('/openapi.yaml')
    t.equal(statusCode, 200)
    t.match(headers['content-type'], /^application\/yaml/)
    t.same(parse(body), JSON.parse(text))
  })

  await t.test('is shown as a reference that people can read', async t => {
    const { statusCode, headers } = await app.inject({ url: '/docs/reference/', headers: { accept: 'text/html' } })
    t.equal(statusCode, 200)
    t.match(headers['content-type'], /^text\/html/)
  })
})
