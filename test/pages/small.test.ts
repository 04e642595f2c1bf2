// The small pages, and how every page is sent.
import { createHash } from 'node:crypto'
import fastify from 'fastify'
import t from 'tap'
import { problems } from '../../src/problems.js'
import { assetRoutes, styleAddress } from '../../src/pages/assets.js'
import { renderHome } from '../../src/pages/home.js'
import { renderProblem, renderProblems } from '../../src/pages/problems.js'
import { sendPieces } from '../../src/pages/send.js'
import { style } from '../../src/pages/style.js'

await t.test('small pages', async t => {
  await t.test('the front page lists plans with their forms and publications', async t => {
    const html = renderHome([{
      ...{ plan: 'a', title: 'A & B', edition: null, owner: 'Owner', area: null, period: '2016/17', status: 'draft', live: false, note: null },
      about: { kind: 'live', at: '2026-11-24T00:00:00Z' },
      asAt: 'today',
      versions: [{ label: 'V6', date: '2018-06-15' }]
    }])
    for (const href of ['/plans/a', '/v1/plans/a/bundle', '/v1/plans/a/report?format=xlsx', '/plans/a?publication=V6', '/docs', '/docs/reference', '/openapi.json']) t.match(html, `href="${href}"`)
    t.match(html, 'A &amp; B')
    t.match(renderHome([]), 'There is no plan to read yet.')
  })

  await t.test('every problem has a page that the list leads to', async t => {
    for (const code of Object.keys(problems) as Array<keyof typeof problems>) {
      t.match(renderProblems(), `href="/problems/${code}"`)
      t.match(renderProblem(code), `<code>${code}</code>`)
    }
  })

  await t.test('a page is sent with a policy under which no script runs', async t => {
    const app = fastify()
    t.teardown(() => app.close())
    assetRoutes(app)
    app.get('/', async (_, reply) => sendPieces(reply, '<p>a', Promise.resolve(['</p>'])))
    const { headers, body } = await app.inject('/')
    t.equal(body, '<p>a</p>')
    t.match(headers, { 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'no-referrer' })
    t.match(headers['content-security-policy'], /^default-src 'none'; style-src 'self';/)
    const css = await app.inject(styleAddress)
    t.match(css, { statusCode: 200, headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': /immutable/ }, body: style })
    t.ok(styleAddress.endsWith(createHash('sha256').update(style).digest('base64url').slice(0, 16)), 'the address changes with the content')
  })
})
