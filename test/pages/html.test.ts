// The page: what text may do in it, whether its parts can be found, and whether its tables say everything.
import t from 'tap'
import { reportOf } from '../../src/documents/report/report.js'
import { markdownHtml } from '../../src/pages/markdown.js'
import { renderStart } from '../../src/pages/report/report.js'
import { bundles, codes, live, page, reportOfSmall, reportOn, small, today } from './sample.js'

const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)> [go](javascript:alert(1)) ![i](https://x.example/i.png)'

/** The bundle with every text in it replaced, whatever it is called. */
function poisoned (value: unknown, name = ''): unknown {
  const free = ['title', 'text', 'note', 'heading', 'label', 'definition', 'source', 'printed', 'rationale', 'set_by', 'why', 'ref', 'edition', 'document', 'item', 'evidence',
    'characteristic', 'positive', 'adverse', 'unmet', 'period_label', 'against_printed', 'external_target', 'url', 'value', 'status_printed', 'national_reference']
  if (Array.isArray(value)) return value.map(one => poisoned(one, name))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, poisoned(member, key)]))
  return typeof value === 'string' && free.includes(name) ? hostile : value
}

await t.test('the page', async t => {
  await t.test('text is text wherever it stands', async t => {
    for (const code of codes) {
      const html = page(reportOf(poisoned(bundles.get(code)) as never, { kind: 'publication', label: 'V6', date: '2018-06-15', note: hostile, digest: 'd', published_at: live.kind === 'live' ? live.at : '' }, today))
      t.notMatch(html, /<script|<img|javascript:alert\(1\)"/i, code)
      t.match(html, /&lt;script>/, code)
      t.notMatch(html, /<[^>]+\son\w+=/i, 'no handler in a tag')
      t.notMatch(html, /\sstyle="/, 'no style in a tag, which the policy would refuse')
    }
  })

  await t.test('markdown knows strong, emphasis, lists and safe links, and nothing else', async t => {
    t.equal(markdownHtml('**a** *b* [c](https://x.example/?a=1&b=2)'), '<p><strong>a</strong> <em>b</em> <a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener">c</a></p>\n')
    t.equal(markdownHtml('- a\n- b'), '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n')
    t.match(markdownHtml('[m](mailto:a@x.example)'), 'href="mailto:a@x.example"')
    for (const url of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', '//x.example', '/v1/plans', 'java&#115;cript:alert(1)', 'file:///etc']) {
      t.notMatch(markdownHtml(`[x](${url})`), '<a', url)
    }
    t.equal(markdownHtml('# h <b>x</b> `c` ![i](https://x.example/i.png)').includes('<img'), false)
    t.notMatch(markdownHtml('# h\n\n> q\n\n```\nc\n```\n\n<b>x</b> &lt;'), /<(h1|blockquote|pre|b)>/)
  })

  await t.test('every id is there once, and every link inside the page leads to one', async t => {
    for (const code of codes) {
      const html = page(reportOn(code))
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
      t.same(ids.filter((id, i) => ids.indexOf(id) !== i), [], code)
      const known = new Set(ids)
      t.same([...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter(id => !known.has(id)), [], code)
      t.same([...html.matchAll(/aria-labelledby="([^"]+)"/g)].map(([, id]) => id).filter(id => !known.has(id)), [], code)
    }
  })

  await t.test('there is one first heading, and no level is left out', async t => {
    for (const code of codes) {
      const levels = [...page(reportOn(code)).matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level))
      t.equal(levels.filter(level => level === 1).length, 1, code)
      t.same(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1), [], code)
    }
  })

  await t.test('no cell is empty, and nothing is printed that has no value', async t => {
    for (const code of codes) {
      const html = page(reportOn(code))
      t.notMatch(html, /<(td|th|dd|caption|li)[^>]*>(<div><\/div>)?<\/\1>/, code)
      t.notMatch(html, /undefined|NaN|\[object|>null</, code)
    }
  })

  await t.test('both lines iv of 1a are rows with their own places', async t => {
    const html = page(reportOn('nottingham-cypp-2016-20'))
    for (const code of ['N16-1a-04', 'N16-1a-05']) t.match(html, new RegExp(`<tr id="${code}" role="row"><td role="cell" class="c-ref ref">iv</td><th scope="row"`), code)
  })

  await t.test('missing is words in the page too', async t => {
    const html = page(reportOn('notts-cypf-2011-14'))
    t.match(html, '<span class="value words-only">to be confirmed</span>')
    t.match(html, '<span class="value words-only">new indicator</span>')
  })

  await t.test('the first piece needs the heading alone and has no end', async t => {
    const html = renderStart(reportOfSmall({}).heading)
    t.match(html, /^<!doctype html>\n<html lang="en-GB"><head>.*<h1>Plan<\/h1>.*<\/header>$/s)
    t.ok(page(reportOfSmall({})).startsWith(html))
  })

  await t.test('a bundle of today without the newer sections is a page as well', async t => {
    const { targets: _, ...older } = small({})
    t.match(page(reportOf(older as never, live, today)), 'no figure yet')
    t.match(page(reportOf({ format: 'outturn-bundle/1', plan: { code: 'p', title: 'Bare', owner: 'nobody' } } as never, live, today)), '<h1>Bare</h1>')
  })

  await t.test('only addresses that say http are links among the references', async t => {
    const statements = ['www.example.org', 'https://www.example.org/a', 'javascript:alert(1)'].map((url, i) => ({ code: `r${i}`, kind: 'reference', text: 'Ref', data: { url } }))
    const html = page(reportOfSmall({ statements }))
    t.match(html, '<a href="https://www.example.org/a" rel="nofollow noopener">')
    t.notMatch(html, /href="(www|javascript)/)
  })
})
