// The pages in a real browser: that they can be read without script, by everyone, on a phone and on paper. Needs
// Chromium and pdftotext on the machine; CHROMIUM names another browser.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import t from 'tap'
import { startWithSample } from '../documents/sample.js'

const plan = 'nottingham-cypp-2016-20'

const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
})

await t.test('the pages in a browser', async t => {
  const { admin, app } = await startWithSample(t)
  await admin.post(`/v1/plans/${plan}/publications`, { label: 'V6', date: '2018-06-15' })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const browser: Browser = await launch()
  t.teardown(() => browser.close())

  async function open (path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    await page.goto(address + path)
    return page
  }

  await t.test('the front page leads to the plan, which shows 1a iv twice and a chart, and no case study', async t => {
    const page = await open('/', { javaScriptEnabled: false })
    await page.getByRole('link', { name: "Children and Young People's Plan 2016-2020 Action Plan", exact: true }).click()
    await page.waitForURL(`**/plans/${plan}`, { waitUntil: 'load' })
    const table = page.getByRole('table', { name: 'Measures of 1a' })
    const refs = await table.locator('tbody tr').evaluateAll(rows => rows.map(row => row.firstElementChild!.textContent!.trim()))
    t.same(refs, ['i', 'ii', 'iii', 'iv', 'iv'])
    t.ok(await page.locator('svg[role=img]').count() > 0, 'has charts')
    for (const chart of await page.locator('svg[role=img]').all()) {
      t.match(await chart.evaluate(svg => document.getElementById(svg.getAttribute('aria-labelledby') ?? '')?.textContent ?? ''), /\w+.*\d/, 'a chart says in words what it shows')
    }
    t.notMatch(await page.content(), /Success story from a case/, 'the case study is restricted')
    t.match(await page.content(), /Midwives refer pregnant smokers/, 'other updates are there')
  })

  const guides = ['/docs', '/docs/analysts', '/docs/partners', '/docs/developers', '/docs/access', '/docs/readme', '/docs/decisions']
  const pages = [...guides, '/', `/plans/${plan}`, '/plans/nottingham-cypp-2015-16', '/plans/notts-cypf-2011-14', '/plans/notts-cypf-2016-18', `/plans/${plan}?publication=V6`, '/problems', '/problems/stale_version']
  for (const path of pages) {
    await t.test(`${path} has nothing that a checker of accessibility would object to`, async t => {
      const page = await open(path)
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
      t.same(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(node => node.html)]), [])
    })

    await t.test(`${path} fits a phone, and everything on it can be reached by keyboard`, async t => {
      const page = await open(path, { viewport: { width: 390, height: 844 } })
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390)
      await page.keyboard.press('Tab')
      t.match(await page.evaluate(() => document.activeElement?.textContent), /^Skip to/, 'first the way past the head')
    })
  }

  await t.test('nothing of a guide stands beside its page, whatever the window, and what can be scrolled can be reached', async t => {
    for (const width of [390, 800, 1024, 1280]) {
      for (const path of [...guides, '/docs/inventory', '/docs/threat-model', '/docs/audit']) {
        const page = await open(path, { viewport: { width, height: 900 }, javaScriptEnabled: false })
        t.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${path} at ${width}`)
        t.equal(await page.locator('.scroll:not([tabindex])').evaluateAll(all => all.filter(one => one.scrollWidth > one.clientWidth).length), 0, `tables of ${path} at ${width}`)
        await page.context().close()
      }
    }
  })

  await t.test('nothing runs that is not the page’s own, and nothing is loaded from elsewhere', async t => {
    const page = await browser.newPage()
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', request => asked.push(request.url()))
    page.on('console', message => complaints.push(message.text()))
    await page.goto(`${address}/plans/${plan}`)
    t.same(asked.filter(url => !url.startsWith(address) && !url.startsWith('data:')), [])
    t.same(complaints, [])
    t.equal(await page.locator('script').count(), 0)
  })

  await t.test('the reference works under its policy, which lets nothing but its own script run', async t => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    await page.goto(`${address}/docs/reference/`)
    await page.getByText('/v1/datapoints/history').first().waitFor()
    await page.locator('#operations-plans-listPlans button').first().click()
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByRole('button', { name: 'Execute' }).click()
    await page.locator('.live-responses-table').getByText('nottingham-cypp-2016-20').first().waitFor()
    t.same(complaints.filter(text => /policy|refused/i.test(text)), [])
  })

  await t.test('script in a title, an update or the name of an organisation is only text', async t => {
    const script = '<script>document.title = "run"</script><img src=x onerror="document.title=\'run\'">'
    const { etag, body: was } = await admin.get(`/v1/plans/${plan}`)
    await admin.patch(`/v1/plans/${plan}`, { title: script }, { etag })
    const lead = await admin.get('/v1/organisations/nottingham-city-ccg')
    await admin.patch('/v1/organisations/nottingham-city-ccg', { title: script }, { etag: lead.etag })
    await admin.post(`/v1/plans/${plan}/updates`, { text: `${script} [a link](javascript:document.title='run')`, plan_measures: ['N16-1a-01'], sensitivity: 'public', period: 'FY2017' })
    for (const path of ['/', `/plans/${plan}`]) {
      const page = await open(path)
      t.not(await page.title(), 'run', path)
      t.ok(await page.getByText('<script>document.title').count() > 0, `${path} shows it as text`)
      t.equal(await page.locator('script, img, a[href^=javascript]').count(), 0)
    }
    await admin.patch(`/v1/plans/${plan}`, { title: was.title }, { etag: (await admin.get(`/v1/plans/${plan}`)).etag })
    await admin.patch('/v1/organisations/nottingham-city-ccg', { title: lead.body.title }, { etag: (await admin.get('/v1/organisations/nottingham-city-ccg')).etag })
  })

  await t.test('on paper a table that goes on over the page repeats its head, and what was folded is shown', async t => {
    const folder = await mkdtemp(join(tmpdir(), 'outturn-print-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const page = await open(`/plans/${plan}`)
    const tables = await page.locator('thead').filter({ hasText: /Ref\s*Measure/ }).count()
    await writeFile(join(folder, 'plan.pdf'), await page.pdf({ format: 'A4', preferCSSPageSize: true }))
    const { stdout } = await promisify(execFile)('pdftotext', ['-layout', join(folder, 'plan.pdf'), '-'], { maxBuffer: 20_000_000 })
    const heads = stdout.match(/^\s*Ref\s+Measure\s+Latest/gm) ?? []
    t.ok(heads.length > tables, `${heads.length} heads of ${tables} tables in print`)
    t.ok(stdout.split('\f').length > 10, 'on many pages')
    t.match(stdout, /Figures behind/)
  })
})
