// The documentation as a site: everything that is written is there and can be reached, and nothing on it leads nowhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { render } from '../../src/pages/docs/render.js'
import { start } from '../support/app.js'

const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.md'))
const hrefs = (html: string) => [...html.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
const idsOf = (html: string) => [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)

await t.test('the documentation on the site', async t => {
  const { anonymous, app } = await start(t)
  const pages = new Map<string, string>()

  /** Reads the page and all pages of documentation and problems that it leads to. */
  async function walk (address: string): Promise<void> {
    if (pages.has(address)) return
    const { status, text } = await anonymous.get(address)
    t.equal(status, 200, address)
    pages.set(address, text)
    if (!/^\/(?:docs(?!\/reference)|problems)/.test(address)) return
    for (const href of hrefs(text)) {
      const path = href.split('#')[0]!
      if (path.startsWith('/')) await walk(path)
      else if (path !== '') t.match(href, /^(?:https:\/\/|data:,)/, `${address} leads to ${href}`)
    }
  }

  await t.test('every link leads to something, and every fragment to its place', async t => {
    for (const entry of ['/', '/docs', '/problems']) await walk(entry)
    for (const [address, html] of pages) {
      for (const href of hrefs(html).filter(href => href.includes('#'))) {
        const [path, fragment] = href.split('#') as [string, string]
        t.ok(idsOf(pages.get(path === '' ? address : path) ?? '').includes(fragment), `${address} leads to ${href}`)
      }
    }
  })

  await t.test('every file of docs is a page, which can be reached from the front', async t => {
    t.ok(files.length > 20)
    const addresses = files.map(file => `/docs/${file.replaceAll('\\', '/')}`.replace(/(?:\/README)?\.md$/, ''))
    for (const address of [...addresses, '/docs/readme', '/docs/changelog']) t.ok(pages.has(address), address)
    for (const address of ['/docs/analysts', '/docs/partners', '/docs/developers']) t.match(pages.get('/'), `href="${address}"`)
  })

  await t.test('every page has one first heading, no level left out, each id once, and nothing that runs', async t => {
    for (const [address, html] of pages) {
      if (!/^\/(?:docs(?!\/reference)|problems)/.test(address)) continue
      const levels = [...html.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level))
      t.equal(levels.filter(level => level === 1).length, 1, address)
      t.same(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1), [], address)
      const ids = idsOf(html)
      t.same(ids.filter((id, i) => ids.indexOf(id) !== i), [], address)
      t.notMatch(html, /<script|\sstyle="|\son\w+="/, address)
      t.notMatch(html.replaceAll(/<pre>[^]*?<\/pre>/g, ''), /undefined/, address)
    }
  })

  await t.test('what is not there is 404, in a browser as a page', async t => {
    for (const address of ['/docs/none', '/docs/tools/none', '/docs/access.md', '/docs/../package.json', '/docs/%2e%2e/package.json']) {
      t.match(await anonymous.get(address), { status: 404, body: { code: 'not_found' } }, address)
    }
    t.match(await app.inject({ url: '/docs/none', headers: { accept: 'text/html' } }), { statusCode: 404, headers: { 'content-type': /^text\/html/ }, body: 'There is no guide at /docs/none' })
  })

  await t.test('commands name the service that is read, whatever it is called, and text stays as written', async t => {
    const at = async (host: string, path: string) => (await app.inject({ url: path, headers: { host } })).body
    const analysts = await at('outturn.example.gov.uk', '/docs/analysts')
    t.match(analysts, "curl -o figures.csv 'http://outturn.example.gov.uk/v1/datapoints?")
    t.notMatch(analysts, '127.0.0.1:3000')
    t.match(await at('outturn.example.gov.uk', '/docs/readme'), 'starts the service at http://127.0.0.1:3000 with')
    t.notMatch(await at('a"b&lt', '/docs/analysts'), /a"b&lt[^;]/)
  })
})

await t.test('the files of the documentation', async t => {
  await t.test('lead to files that are there', async t => {
    for (const file of ['README.md', 'CONTRIBUTING.md', ...files.map(file => `docs/${file}`)]) {
      const text = readFileSync(join(root, file), 'utf8')
      const paths = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, path]) => path!).filter(path => !/^[a-z]+:/.test(path))
      t.same(paths.filter(path => !existsSync(join(root, file, '..', path))), [], file)
    }
  })

  await t.test('are rendered with what leads nowhere as words, and markup as text', async t => {
    const { html, links } = render('# T\n\n[a **b**](there.md) [c](x.md) <b>d</b>', href => href === 'x.md' ? '/docs/x' : undefined)
    t.equal(html, '<p>a <strong>b</strong> <a href="/docs/x">c</a> &lt;b&gt;d&lt;/b&gt;</p>\n')
    t.same([...links], ['/docs/x'])
  })

  await t.test('give their headings the names that GitHub gives them', async t => {
    const { title, sections, html } = render("# A `b` title\n\n## Who's what?\n\n## Red, amber – green\n\n### Deep_er\n\n## Who's what?", () => undefined)
    t.equal(title, 'A b title')
    t.same(sections, [{ id: 'whos-what', text: "Who's what?" }, { id: 'red-amber--green', text: 'Red, amber – green' }, { id: 'whos-what-1', text: "Who's what?" }])
    t.match(html, '<h3 id="deep_er">Deep_er</h3>')
  })

  await t.test('have tables whose cells say on a phone what their column is called', async t => {
    const { html } = render('# T\n\n## P\n\n| a | `b` |\n|---|---|\n| 1 | 2 |\n\n| a | b | c | d | e |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |', () => undefined)
    t.match(html, '<div class="scroll" role="group" aria-label="Table: P" tabindex="0"><table role="table" class="stacking">')
    t.match(html, '<tr role="row">\n<th role="rowheader" scope="row">1</th>\n<td role="cell" data-label="b">2</td>')
    t.match(html, '<div class="scroll wide" role="group"')
  })
})
