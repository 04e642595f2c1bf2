// What a room of the house may touch, read from the import statements.
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import t from 'tap'
import { root } from '../../src/config.js'
import { hold } from './exceptions.js'

interface Source { file: string, text: string, imports: string[] }

const statement = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/g

/** Files of src with what they import: files of src by their path, packages by their name. */
async function sources (): Promise<Source[]> {
  const files = (await readdir(join(root, 'src'), { recursive: true })).map(file => file.replaceAll('\\', '/')).filter(file => /\.tsx?$/.test(file)).sort()
  return Promise.all(files.map(async name => {
    const file = `src/${name}`
    const text = await readFile(join(root, file), 'utf8')
    const imports = [...text.matchAll(statement)].map(([, from, lazy]) => from ?? lazy!)
      .map(from => from.startsWith('.') ? posix.join(posix.dirname(file), from).replace(/\.js$/, '.ts') : from)
      .map(from => from.startsWith('src/') && files.includes(`${from.slice(4)}x`) ? `${from}x` : from)
    return { file, text, imports }
  }))
}

await t.test('the rooms of the house', async t => {
  const all = await sources()
  const byFile = new Map(all.map(source => [source.file, source]))
  const within = (...rooms: string[]) => all.filter(({ file }) => rooms.some(room => file.startsWith(`src/${room}/`)))
  const named = (pattern: RegExp) => all.filter(({ file }) => pattern.test(file))

  /** What of the imports is not allowed, as "file imports name". */
  const breaches = (of: Source[], allowed: (name: string) => boolean) =>
    of.flatMap(({ file, imports }) => imports.filter(name => !allowed(name)).map(name => `${file} imports ${name}`))

  await t.test('every import leads to a file', async t => {
    t.ok(all.length > 50)
    t.same(breaches(all, name => !name.startsWith('src/') || byFile.has(name)), [])
    t.same(breaches(all, name => !/^(migrations|test|dist|bench)\//.test(name)), [])
  })

  await t.test('no file leads back to itself', async t => {
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      if (done.has(file) || path.includes(file)) return
      for (const next of byFile.get(file)!.imports.filter(name => byFile.has(name))) visit(next, [...path, file])
      done.add(file)
    }
    for (const { file } of all) visit(file, [])
    t.same(cycles, [])
  })

  await t.test('http and db know no resource', async t => {
    t.same(breaches(within('http', 'db'), name => !/^src\/(resources|documents|feeds|pages|commands|app|service|cli|main)\b/.test(name)), [])
  })

  await t.test('periods, statistics and problems do no I/O', async t => {
    t.ok(within('periods').length > 5)
    t.ok(within('statistics').length > 3)
    t.same(breaches(within('periods'), name => /^src\/periods\/|^src\/problems\.ts$/.test(name)), [])
    t.same(breaches(within('statistics'), name => name.startsWith('src/statistics/')), [])
    t.same(breaches(named(/^src\/problems\.ts$/), () => false), [])
    t.same(breaches(named(/\/rules\.ts$/), name => !name.startsWith('node:') && !/^src\/(db|http)\//.test(name)), [])
  })

  await t.test('a resource leads to no document, feed or page', async t => {
    t.same(breaches(within('resources'), name => !/^src\/(documents|feeds|pages|commands|app|service|cli|main)\b/.test(name)), [])
  })

  await t.test('commands are for the command line alone', async t => {
    t.ok(within('commands').length > 5)
    t.same(breaches(all.filter(({ file }) => !/^src\/(commands\/|cli\.ts$)/.test(file)), name => !name.startsWith('src/commands/')), [])
  })

  await t.test('a schema imports only the vocabulary, other schemas and the roles', async t => {
    const schemas = named(/\/schema\.ts$/).filter(({ file }) => file !== 'src/http/schema.ts')
    t.ok(schemas.length > 8)
    t.same(breaches(schemas, name => name === '@sinclair/typebox' || name === 'src/db/actor.ts' || name.endsWith('/schema.ts')), [])
    t.same(breaches(named(/^src\/http\/schema\.ts$/), name => name === '@sinclair/typebox'), [])
  })

  await t.test('Fastify is known only where there are routes', async t => {
    const routes = /^src\/(app|service)\.ts$|^src\/(http|pages|feeds)\/|(\/|_)routes?\.ts$/
    t.same(breaches(all.filter(({ file }) => !routes.test(file)), name => !/^@?fastify\b/.test(name)), [])
  })

  await t.test('only config.ts reads the environment', async t => {
    for (const { file, text } of all) {
      const code = text.replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '').replaceAll('loadConfig(process.env)', '')
      if (file !== 'src/config.ts') hold(t, 'leaves the environment to config.ts', file, !code.includes('process.env'))
    }
  })

  await t.test('nothing is exported without a name', async t => {
    t.same(all.filter(({ text }) => /^export default\b|\bas default\b/m.test(text)).map(({ file }) => file), [])
  })

  await t.test('every file is short, and opens by saying what lives here', async t => {
    for (const { file, text } of all) {
      hold(t, 'has at most 300 lines', file, text.split('\n').length - 1 <= 300)
      t.match(text, /^(#!.*\n)?(\/\/|\/\*)/, `${file} opens with a comment`)
    }
  })
})
