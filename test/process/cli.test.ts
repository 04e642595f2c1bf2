// The command line: migrate, load, export, key, openapi, and what it says of wrong use.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { start } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { codes, expected, file } from '../documents/sample.js'
import { cli, folder, service } from '../support/process.js'

const data = (plan: string) => fileURLToPath(new URL(`../../data/${plan}.json`, import.meta.url))
const files = codes.map(data)

/** Two at a time, as there are cores; answers in order. */
async function inPairs<A, B> (all: A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const answers: B[] = []
  for (let i = 0; i < all.length; i += 2) answers.push(...await Promise.all(all.slice(i, i + 2).map(one => work(one))))
  return answers
}

const empty = async (t: Test) => ({ DATABASE_URL: await testDatabase(t, { migrated: false }) })

await t.test('migrate brings a database to this form, and then finds it there', async t => {
  const env = await empty(t)
  const first = await cli(t, ['migrate'], { env })
  t.match(first, { code: 0, out: /0001_\w+/, err: '' })
  t.match(await cli(t, ['migrate'], { env }), { code: 0, out: /up to date/, err: '' })
  const two = await empty(t)
  t.same((await Promise.all([cli(t, ['migrate'], { env: two }), cli(t, ['migrate'], { env: two })])).map(one => one.code), [0, 0], 'two at once')
})

await t.test('load and export', async t => {
  const env = await empty(t)
  const running = await service(t, { env })

  await t.test('load takes several files, and says in a plain line what came of each', async t => {
    const { code, out, err } = await cli(t, ['load', ...files], { env })
    t.equal(code, 0, err)
    const lines = out.trimEnd().split('\n')
    t.equal(lines.length, 4)
    for (const [i, plan] of codes.entries()) {
      t.match(lines[i], new RegExp(`^\\[${i + 1}/4\\] .*${plan}\\.json: ${plan} created \\(.*actions ${expected.plans[plan]!.actions}\\b.*\\)$`))
      t.match(await running.get(`/v1/plans/${plan}`), { status: 200 }, 'the running service has it')
    }
    t.notOk(['\u001b', '\r'].some(code => (out + err).includes(code)), 'no terminal codes')
    t.match(await cli(t, ['load', files[0]!], { env }), { code: 0, out: /unchanged/ })
  })

  await t.test('load says of a plan that is not public that nobody sees it without a key', async t => {
    const path = join(await folder(t), 'own.json')
    const plan = { code: 'own', title: 'Own', owner: 'own-council' }
    await writeFile(path, JSON.stringify({ format: 'outturn-bundle/1', organisations: [{ code: 'own-council', title: 'Own', kind: 'council' }], plan }))
    t.match(await cli(t, ['load', path], { env }), { code: 0, out: /own created \(.*\)\n {2}It is read with a key only: its visibility is partners\.\n$/ })
  })

  await t.test('export writes the bundle of the service, which goes through an empty database byte by byte', async t => {
    const place = await folder(t)
    const exported = await inPairs(codes, plan => cli(t, ['export', plan], { env }))
    for (const [i, plan] of codes.entries()) {
      t.match(exported[i], { code: 0, err: '' }, plan)
      t.equal(exported[i]!.out, `${JSON.stringify((await running.get(`/v1/plans/${plan}/bundle`)).body, null, 2)}\n`, plan)
    }
    await inPairs(codes, async plan => {
      const [i, path, last] = [codes.indexOf(plan), join(place, plan), { env: await empty(t) }]
      await writeFile(path, exported[i]!.out)
      t.match(await cli(t, ['load', path], last), { code: 0 }, plan)
      t.match(await cli(t, ['export', plan, '--out', `${path}-again`], last), { code: 0, out: '' }, plan)
      t.equal(await readFile(`${path}-again`, 'utf8'), exported[i]!.out, plan)
    })
  })

  await t.test('export of an unknown plan fails and says so', async t => {
    t.match(await cli(t, ['export', 'no-such-plan'], { env }), { code: 1, out: '', err: /no plan 'no-such-plan'/ })
  })
})

await t.test('of several files, one with a fault is held not at all, and the message names the file and the place', async t => {
  const env = await empty(t)
  const place = await folder(t)
  const bundle = await file(codes[1]!)
  const bad = (name: string, content: unknown) => writeFile(join(place, name), typeof content === 'string' ? content : JSON.stringify(content)).then(() => join(place, name))
  const broken = await bad('broken-row.json', { ...bundle, datapoints: bundle.datapoints.map((row, i) => i === 5 ? { ...row, measure: 'no-such' } : row) })
  const { code, out, err } = await cli(t, ['load', files[0]!, broken, files[2]!], { env })
  t.equal(code, 1)
  t.match(err, /\/datapoints\/5\/measure: .*no-such/)
  t.match(err, /broken-row\.json/)
  t.notMatch(err, /\n\s+at /, 'without a stack')
  t.match(out, new RegExp(`^\\[1/3\\].*${codes[0]} created`))

  const others: Array<[name: string, path: string, place: RegExp]> = [
    ['not JSON', await bad('broken.json', '{"format": '), /broken\.json[^]*JSON|JSON[^]*broken\.json/],
    ['of a wrong form', await bad('form.json', { ...bundle, outcomes: [{ code: '1a', priority: 1 }] }), /form\.json[^]*\/outcomes\/0\/priority|\/outcomes\/0\/priority[^]*form\.json/],
    ['partial', await bad('partial.json', { ...bundle, partial: true }), /partial\.json/],
    ['not there', join(place, 'absent.json'), /absent\.json/]
  ]
  const answers = await inPairs(others, ([, path]) => cli(t, ['load', path], { env }))
  for (const [i, [name, , wanted]] of others.entries()) {
    const answer = answers[i]!
    t.equal(answer.code, 1, name)
    t.match(answer.err, wanted, name)
    t.notMatch(answer.err, /\n\s+at /, name)
  }

  const running = await service(t, { env })
  t.equal((await running.get(`/v1/plans/${codes[1]}`)).status, 404)
  t.equal((await running.get('/v1/areas/families-programme-national')).status, 404, 'nor anything of its registers')
  t.equal((await running.get(`/v1/plans/${codes[0]}/bundle`)).body.actions.length, expected.plans[codes[0]!]!.actions, 'the file before it is held whole')
})

await t.test('key create', async t => {
  const env = { OUTTURN_DATA_DIR: await folder(t), OUTTURN_SAMPLE: 'off' }
  const running = await service(t, { env })

  await t.test('makes a key beside the running service, alone on stdout, which works at once', async t => {
    const { code, out, err } = await cli(t, ['key', 'create'], { env })
    t.equal(code, 0, err)
    t.match(out, /^ot_live_\w+\n$/)
    t.match(await running.send('GET', '/v1/me', undefined, { as: out.trim() }), { status: 200, body: { client: 'admin', role: 'admin' } })
  })

  await t.test('makes the client where it is new, with its role and organisation', async t => {
    await running.put('/v1/organisations/ccg', { title: 'CCG', kind: 'health' })
    const { code, out, err } = await cli(t, ['key', 'create', '--client', 'ccg-feed', '--role', 'contributor', '--organisation', 'ccg', '--title', 'CCG'], { env })
    t.equal(code, 0, err)
    t.match(await running.send('GET', '/v1/me', undefined, { as: out.trim() }), { body: { client: 'ccg-feed', role: 'contributor', organisation: 'ccg' } })
    const reader = await cli(t, ['key', 'create', '--client', 'someone', '--organisation', 'ccg'], { env })
    t.match(await running.send('GET', '/v1/me', undefined, { as: reader.out.trim() }), { body: { role: 'reader' } }, 'the least role where none is said')
    t.match((await cli(t, ['key', 'create', '--client', 'someone', '--feed'], { env })).out, /^ot_feed_/)
  })

  await t.test('makes it end when it is told to, within twelve months', async t => {
    const at = new Date(Date.now() + 30 * 86_400_000).toISOString()
    const { out } = await cli(t, ['key', 'create', '--client', 'short', '--organisation', 'ccg', '--expires-at', at], { env })
    t.equal(new Date((await running.send('GET', '/v1/me', undefined, { as: out.trim() })).body.expires_at as string).toISOString(), at)
    t.match(await cli(t, ['key', 'create', '--client', 'short', '--expires-at', '2999-01-01T00:00:00Z'], { env }), { code: 1, out: '', err: /12 months/ })
    t.match(await cli(t, ['key', 'create', '--client', 'short', '--expires-at', 'soon'], { env }), { code: 2, out: '', err: /--expires-at/ })
  })

  await t.test('lists keys without their secrets, and revokes them at once', async t => {
    const [one, two] = [await cli(t, ['key', 'create', '--client', 'rotating', '--role', 'admin'], { env }), await cli(t, ['key', 'create', '--client', 'rotating', '--feed'], { env })].map(({ out }) => out.trim())
    const [id, other] = [one!, two!].map(key => key.split('_')[2]!)
    t.equal((await running.send('GET', '/v1/me', undefined, { as: one! })).status, 200)
    const { code, out } = await cli(t, ['key', 'list', '--client', 'rotating'], { env })
    t.equal(code, 0)
    t.match(out, new RegExp(`^${id}  rotating  standard  until \\d{4}-\\d\\d-\\d\\d  last used \\d{4}-\\d\\d-\\d\\d\n${other}  rotating  feed  until \\S+  never used\n$`))
    const all = (await cli(t, ['key', 'list'], { env })).out
    for (const wanted of [id!, other!, ' someone ']) t.match(all, wanted)
    for (const key of [one!, two!]) t.notMatch(all, key.split('_')[3])
    t.match(await cli(t, ['key', 'revoke', id!, two!], { env }), { code: 0, out: `${id} of rotating revoked\n${other} of rotating revoked\n` }, 'by its id, or as it was found')
    for (const as of [one!, two!]) t.equal((await running.send('GET', '/v1/plans', undefined, { as })).status, 401)
    t.match(await cli(t, ['key', 'revoke', id!], { env }), { code: 1, out: '', err: new RegExp(`no key '${id}'`) })
    t.match(await cli(t, ['key', 'list', '--client', 'nobody'], { env }), { code: 1, err: /no client 'nobody'/ })
  })

  await t.test('tells why it cannot: an unknown organisation, two live keys already, a client that is there', async t => {
    t.match(await cli(t, ['key', 'create', '--client', 'x', '--organisation', 'nobody'], { env }), { code: 1, out: '', err: /nobody/ })
    t.match(await cli(t, ['key', 'create', '--client', 'someone'], { env }), { code: 1, out: '', err: /two live keys/ })
    t.match(await cli(t, ['key', 'create', '--client', 'ccg-feed', '--role', 'admin'], { env }), { code: 2, out: '', err: /exists/ })
    t.equal((await running.get('/v1/clients/x')).status, 404)
    t.match((await running.get('/v1/clients/ccg-feed')).body, { role: 'contributor' })
  })

  t.equal((await running.get('/health/ready')).status, 200, 'the service goes on')
  t.equal(await running.stop(), 0)

  await t.test('says where it had to make a database, for then the service has another', async t => {
    const elsewhere = { OUTTURN_DATA_DIR: await folder(t) }
    const first = await cli(t, ['key', 'create'], { env: elsewhere })
    t.match(first, { code: 0, out: /^ot_live_\w+\n$/ })
    t.match(first.err, `There was no database in ${elsewhere.OUTTURN_DATA_DIR}; an empty one was made`)
    t.notMatch((await cli(t, ['key', 'list'], { env: elsewhere })).err, /no database/, 'once')
  })

  await t.test('works without a service as well, and keeps nothing running', async t => {
    const { code, out } = await cli(t, ['key', 'create', '--client', 'later', '--role', 'admin'], { env })
    t.equal(code, 0)
    const again = await service(t, { env })
    t.match(await again.send('GET', '/v1/me', undefined, { as: out.trim() }), { status: 200, body: { client: 'later' } })
    await again.stop()
  })
})

await t.test('openapi writes the document of the service, and needs no database', async t => {
  const { admin } = await start(t)
  const env = { DATABASE_URL: 'postgres://127.0.0.1:9/none' }
  const { code, out, err } = await cli(t, ['openapi'], { env })
  t.equal(code, 0, err)
  t.same(JSON.parse(out), JSON.parse((await admin.get('/openapi.json')).text))
  const committed = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url))
  if (existsSync(committed)) t.equal(out, await readFile(committed, 'utf8'), 'as committed')
  const place = join(await folder(t), 'openapi.json')
  t.match(await cli(t, ['openapi', '--out', place]), { code: 0, out: '' })
  t.equal(await readFile(place, 'utf8'), out)
})

await t.test('serve runs the service', async t => {
  const running = await service(t, { env: await empty(t) }, 'cli.js')
  t.equal((await running.get('/health/ready')).status, 200)
  t.equal(await running.stop(), 0)
})

await t.test('wrong use ends with 2, says what is wrong and how it goes', async t => {
  const uses: Array<[args: string[], said: RegExp]> = [
    [[], /which command/i],
    [['lod'], /lod/],
    [['load'], /file/],
    [['load', '--fast', 'x.json'], /--fast/],
    [['export'], /one plan/],
    [['export', 'a', 'b'], /one plan/],
    [['key'], /key create/],
    [['key', 'delete'], /key create/],
    [['key', 'revoke'], /id of a key/],
    [['key', 'list', 'x'], /'x'/],
    [['key', 'create', '--role', 'king'], /reader, contributor, editor, publisher, admin/],
    [['openapi', '--out'], /--out/],
    [['migrate', 'now'], /now|migrate/],
    [['serve', '--port', '80'], /--port|serve/]
  ]
  const env = { DATABASE_URL: 'postgres://127.0.0.1:9/none' }
  const answers = await inPairs(uses, ([args]) => cli(t, args, { env }))
  for (const [i, [args, said]] of uses.entries()) {
    const { code, out, err } = answers[i]!
    const name = `outturn ${args.join(' ')}`
    t.equal(code, 2, `${name}: ${err}`)
    t.equal(out, '', name)
    t.match(err.split('\n')[0], said, name)
    t.match(err, /outturn COMMAND/, name)
  }
  t.match(await cli(t, ['--help']), { code: 0, out: /outturn COMMAND/, err: '' })
})
