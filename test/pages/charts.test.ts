// The charts: when one is drawn, and what tells its points apart without colour.
import t from 'tap'
import { page, reportOfSmall } from './sample.js'

const chart = (figures: Array<Record<string, unknown>>, parts: Record<string, unknown> = {}) => /<svg.*?<\/svg>/s.exec(page(reportOfSmall({ figures, ...parts })))?.[0]

await t.test('charts', async t => {
  const years = [2014, 2015, 2016].map((year, i) => ({ period: `FY${year}`, value: i + 1 }))

  await t.test('one figure is no chart', async t => {
    t.equal(chart(years.slice(0, 1)), undefined)
    t.equal(chart([years[0]!, { period: 'FY2015', missing: 'tbc' }]), undefined)
  })

  await t.test('a chart is an image with the sentence as its title, and labels its last point', async t => {
    t.match(chart(years), /role="img" aria-labelledby="chart:L1:0"><title id="chart:L1:0">Measure: 3% in 2016\/17, up from 2% in 2015\/16\.<\/title>/)
    t.match(chart(years), /<text[^>]*>3%<\/text>/)
    t.match(chart(years), />2014\/15<.*>2016\/17</)
  })

  await t.test('what is not final is a hollow point on a dashed line', async t => {
    t.notMatch(chart(years), 'stroke-dasharray')
    const forecast = chart([...years.slice(0, 2), { ...years[2], status: 'forecast' }])!
    t.equal(forecast.match(/stroke-dasharray="4 3"/g)?.length, 1)
    t.equal(forecast.match(/fill="#fff"/g)?.length, 1)
  })

  await t.test('the line stops at a break and at a missing figure', async t => {
    const paths = (svg: string | undefined) => svg?.match(/<path/g)?.length
    t.equal(paths(chart(years)), 2)
    t.equal(paths(chart(years, { measure: { breaks: [{ from: '2016-04-01', why: 'New.' }] } })), 1)
    t.equal(paths(chart([years[0]!, { period: 'FY2015', missing: 'tbc' }, years[2]!])), undefined)
  })

  await t.test('the target and the first comparator are labelled where they are', async t => {
    const svg = chart([...years, ...years.map(year => ({ ...year, area: 'E', value: 9 }))], { targets: [{ operator: 'at_least', value: 5, period: 'FY2016' }] })!
    t.match(svg, /<text[^>]*>target<\/text>/)
    t.match(svg, /<text[^>]*>England<\/text>/)
  })

  await t.test('at most twelve points are drawn', async t => {
    const many = Array.from({ length: 20 }, (_, i) => ({ period: `FY${2000 + i}`, value: i % 5 }))
    t.equal(chart(many)!.match(/<circle/g)?.length, 12)
  })
})
