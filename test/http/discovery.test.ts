// What a machine finds that knows nothing but the host: the catalogue (RFC 9727, a linkset of RFC 9264), the base address, and
// the headers that lead there (RFC 8288, RFC 8631).
import t from 'tap'
import { start } from '../support/app.js'

type Target = { href: string, type?: string }
interface Linkset { linkset: Array<Record<string, unknown> & { anchor: string }> }

const well_known = '/.well-known/api-catalog'
const publicUrl = 'https://outturn.example.gov.uk'

/** The links of a header, by relation. */
const linksOf = (header: string) => Object.fromEntries([...header.matchAll(/<([^>]*)>((?:; \w+="[^"]*")*)/g)]
  .map(([, href, parameters]) => [/rel="([^"]*)"/.exec(parameters!)![1]!, { href: href!, type: /type="([^"]*)"/.exec(parameters!)?.[1] }]))

await t.test('discovery', async t => {
  const { anonymous } = await start(t, { publicUrl })
  const catalogue = await anonymous.get(well_known)
  const { linkset } = JSON.parse(catalogue.text) as Linkset
  const targets = linkset.flatMap(({ anchor: _, ...relations }) => Object.values(relations as Record<string, Target[]>).flat())

  const holds = async ({ href, type }: { href: string, type?: string | undefined }) => {
    const { status, headers } = await anonymous.get(href.replace(publicUrl, ''))
    t.equal(status, 200, href)
    if (type !== undefined) t.ok(headers['content-type']!.startsWith(type), `${href} is ${type}`)
  }

  await t.test('the catalogue is a linkset that names its profile', async t => {
    t.equal(catalogue.headers['content-type'], 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"')
    t.same(Object.keys(JSON.parse(catalogue.text) as Linkset), ['linkset'])
    for (const { anchor, ...relations } of linkset) {
      t.ok(URL.canParse(anchor), anchor)
      t.ok(Object.keys(relations).length > 0)
      for (const [relation, links] of Object.entries(relations as Record<string, Target[]>)) {
        t.match(relation, /^(?:item|service-desc|service-doc|status)$/)
        for (const link of links) {
          t.same(Object.keys(link).filter(name => !['href', 'type'].includes(name)), [])
          t.ok(link.href.startsWith(`${publicUrl}/`), link.href)
        }
      }
    }
  })

  await t.test('every API that it names is an item of it and says where it is described and explained', async t => {
    const [of, ...apis] = linkset
    t.match(of, { anchor: publicUrl + well_known, item: apis.map(({ anchor }) => ({ href: anchor })) })
    t.same(apis.map(({ anchor }) => anchor), [`${publicUrl}/v1`, `${publicUrl}/odata/v1/`])
    for (const api of apis) t.match(api, { 'service-desc': [{ href: String }], 'service-doc': [{ href: String }], status: [{ href: String }] })
  })

  await t.test('what it names is there, in the form it says', async t => {
    for (const target of targets) await holds(target)
    t.ok(targets.length > 8)
  })

  await t.test('HEAD answers its links without a body', async t => {
    const { status, headers, text } = await anonymous.send('HEAD', well_known)
    t.match({ status, text }, { status: 200, text: '' })
    t.match(linksOf(headers.link!), { 'api-catalog': { href: well_known } })
  })

  await t.test('from wherever one comes in, headers lead to catalogue, contract and guides', async t => {
    for (const entry of ['/', '/v1', '/v1/', '/docs', '/docs/reference', '/openapi.json', '/openapi.yaml']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await anonymous.send(method, entry)
        t.equal(status, 200, entry)
        const links = linksOf(headers.link!)
        t.same(Object.keys(links).sort(), ['api-catalog', 'service-desc', 'service-doc'], `${method} ${entry}`)
        if (method === 'HEAD') for (const link of Object.values(links)) await holds(link)
      }
    }
  })

  await t.test('the base address says where everything is, and takes nothing', async t => {
    const { status, body } = await anonymous.get('/v1')
    t.match({ status, body }, { status: 200, body: { title: 'Outturn', api_catalog: publicUrl + well_known } })
    const addresses = Object.values(body as Record<string, string>).filter(value => value.startsWith(publicUrl))
    t.equal(addresses.length, 5)
    for (const href of addresses) await holds({ href })
    t.match(await anonymous.send('PUT', '/v1', {}), { status: 405, headers: { allow: 'GET, HEAD' } })
  })
})
