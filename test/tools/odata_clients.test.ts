// Two clients of other makers generate their code from our $metadata, are compiled as strictly as TypeScript can, and read all sets
// of a running service with a feed key. They stand in odata_clients with packages of their own; the first run installs those.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { compared, rowsOfV1 } from '../odata/as_v1.js'
import { feedService } from '../odata/feed_service.js'
import { folder } from '../support/process.js'

const run = promisify(execFile)
const home = fileURLToPath(new URL('./odata_clients', import.meta.url))

interface Read { sets: Record<string, Array<Record<string, unknown>>>, asked: { values: number[], count: number, one: string } }

await t.test('clients that are generated from $metadata', async t => {
  if (!existsSync(join(home, 'node_modules'))) await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home })
  const { running, key, basic } = await feedService(t)
  const place = await folder(t)
  for (const file of ['tsconfig.json', 'read_odata2ts.ts', 'read_sap.ts']) await cp(join(home, file), join(place, file))
  await symlink(join(home, 'node_modules'), join(place, 'node_modules'))
  await mkdir(join(place, 'described'))
  const url = `${running.url}/odata/v1`
  await writeFile(join(place, 'described/outturn.edmx'), await fetch(`${url}/$metadata`, { headers: { authorization: basic } }).then(answer => answer.text()))
  const bin = (name: string, ...args: string[]) => run(process.execPath, [join(home, 'node_modules/.bin', name), ...args], { cwd: place, maxBuffer: 1 << 26 })
  const wanted = await rowsOfV1(running, key)

  const clients: Array<[name: string, generate: () => Promise<unknown>, script: string, args: string[]]> = [
    ['odata2ts', () => bin('odata2ts', '--source', 'described/outturn.edmx', '--output', 'generated/odata2ts', '--mode', 'all', '--emit-mode', 'ts'), 'read_odata2ts', [basic]],
    ['the SAP Cloud SDK', () => bin('generate-odata-client', '--input', 'described', '--outputDir', 'generated/sap', '--skipValidation'), 'read_sap', ['anyone', key]]
  ]
  for (const [name, generate] of clients) await t.resolves(generate(), `${name} generates`)
  await t.resolves(bin('tsc', '--project', '.'), 'both compile under strict')

  for (const [name, , script, args] of clients) {
    const { stdout } = await run(process.execPath, [join(place, 'out', `${script}.js`), url, ...args], { cwd: place, maxBuffer: 1 << 26 })
    const { sets, asked } = JSON.parse(stdout) as Read
    t.same(Object.keys(sets).sort(), Object.keys(wanted).sort(), `${name} knows all sets`)
    const [found, expected] = [compared(sets), compared(wanted)]
    for (const set of Object.keys(wanted)) t.same(found[set], expected[set], `${name} reads ${set}: ${found[set]!.length} rows`)
    const large = wanted.Datapoints!.filter(({ value, deleted }) => (value as number) >= 100 && deleted === false)
    t.same([...asked.values].sort(), large.map(({ value }) => value).sort(), `${name} asks by a filter of its own making`)
    t.equal(asked.count, large.length)
    t.type(asked.one, 'string', `${name} reads one row by its key`)
  }
})
