// The TypeScript guide, run as it stands there: two generated clients, compiled strictly, do a partner's Monday with a running service.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { execute, guide, run, sections, workplace, type Block } from '../support/guide.js'
import { partner, plan, serviceForPartner, type PartnerService } from '../support/partner.js'

const generators = ['openapi-typescript and openapi-fetch', '@hey-api/openapi-ts']

/** What the service says of the partner's business. */
async function business ({ get }: PartnerService) {
  const owed = (await get(`/v1/returns?plan=${plan}&organisation=${partner}&state=overdue&limit=1000`)).body.items as Array<Record<string, string>>
  const updates = (await get(`/v1/plans/${plan}/updates?organisation=${partner}&limit=1000`)).body.items as Array<Record<string, unknown>>
  const { lines } = (await get(`/v1/plans/${plan}/scorecard`)).body as { lines: Array<Record<string, any>> }
  return { owed, updates, lines: lines.filter(line => line.organisations.some((involved: any) => involved.organisation === partner)) }
}

async function monday (t: Test, all: Block[]): Promise<void> {
  const started = await serviceForPartner(t)
  const place = await workplace(t)
  const env = { OUTTURN_URL: started.url, OUTTURN_KEY: started.standardKey }
  const before = await business(started)
  t.ok(before.owed.some(line => line.measure === 'smoking-at-delivery' && line.period === 'FY2017'))
  const out = (await run(t, place, all, env)).join('')
  const after = await business(started)

  await t.test('reads what is owed', async t => {
    t.same(out.match(/^owed: .*/gm), before.owed.map(line => `owed: ${line.plan_measure} for ${line.period} since ${line.due_on}`))
  })

  await t.test('pushes figures, which are then no longer owed', async t => {
    t.match(out, /^figures: 2 created, 0 updated, 0 unchanged$/m)
    t.match((await started.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017')).body, { value: 16.9, status: 'final', revision: 1 })
    t.match((await started.get('/v1/measures/self-harm-admissions-10-24/datapoints/E06000018/FY2017')).body, { value: null, missing: 'not_yet_published' })
    t.notOk(after.owed.some(line => line.measure === 'smoking-at-delivery' && line.period === 'FY2017'))
  })

  await t.test('reports in words, in its own name', async t => {
    t.equal(after.updates.length, before.updates.length + 1)
    const [, code] = /^update: (\S+)$/m.exec(out) ?? []
    t.match(after.updates.find(update => update.code === code), { organisations: [{ organisation: partner, role: 'reporter' }], plan_measures: ['N16-1a-01'], text: /opt-out/ })
  })

  await t.test('reads how its lines stand, with the figure it sent', async t => {
    t.same(out.match(/^scorecard: .*/gm), after.lines.map(({ plan_measure, latest, rag, rag_reason }) =>
      `scorecard: ${plan_measure} ${latest?.value ?? latest?.missing ?? 'no figure'} ${rag} (${rag_reason.text})`))
    t.match(out, /^scorecard: N16-1a-01 16\.9 /m)
  })

  const again = (file: string, key = env.OUTTURN_KEY) =>
    execute([process.execPath, 'dist/monday.js', plan, file], { cwd: place, env: { ...env, OUTTURN_KEY: key }, input: '' })

  await t.test('a second run of the same file counts once', async t => {
    t.match(await again('figures.json'), { code: 0, out: /^figures: 2 created/m })
    t.equal((await business(started)).updates.length, after.updates.length)
    t.match((await started.get('/v1/measures/smoking-at-delivery/datapoints/E06000018/FY2017')).body, { revision: 1 })
  })

  await t.test('a row that is refused is named, with what was meant', async t => {
    await writeFile(join(place, 'typo.json'), '[{"measure": "smokng-at-delivery", "area": "E06000018", "period": "2017/18", "value": 1}]')
    t.match(await again('typo.json'), { code: 3, out: /^row 0, measure: .*Did you mean 'smoking-at-delivery'\?$/m })
  })

  await t.test('a key that is wrong ends it with the problem', async t => {
    t.match(await again('figures.json', 'ot_live_wrong'), { code: 1, err: /unauthenticated: The key is unknown/ })
  })
}

const all = sections(await guide('typescript'))
for (const generator of generators) await t.test(`a client generated with ${generator} does a partner’s Monday`, t => monday(t, all.get(generator)!))
