// Docs that cannot rot: every setting, every problem and every address stands in them, and nothing that is not there.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.js'
import { clientSettings, root, settings } from '../../src/config.js'
import { connect } from '../../src/db/connection.js'
import { problems } from '../../src/problems.js'
import { openapiOf } from './operations.js'

async function guides (): Promise<string> {
  const files = (await readdir(join(root, 'docs'), { recursive: true })).filter(file => file.endsWith('.md'))
  return (await Promise.all(files.map(file => readFile(join(root, 'docs', file), 'utf8')))).join('\n')
}

await t.test('the documentation', async t => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const text = `${readme}\n${await guides()}`
  const app = await buildApp({ connection: connect('postgres://nowhere.invalid/none') })
  await app.ready()
  t.teardown(() => app.close())
  const paths = Object.keys(openapiOf(app).paths)

  await t.test('has every setting in the README’s tables, of the service and of its clients, with its default and its meaning', async t => {
    const tables = readme.split('\n\n').map(block => [...block.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$/gm)]
      .map(([, name, absent, meaning]) => [name!, [absent!.replaceAll('`', ''), meaning!.replaceAll('`', '')]]))
    t.same(tables.filter(rows => rows.length > 0).map(rows => Object.fromEntries(rows)), [settings, clientSettings])
  })

  await t.test('has every option of the clients that the usage has', async t => {
    const usage = await readFile(join(root, 'src/cli.ts'), 'utf8')
    const [, section = ''] = /## The command line\n([^]*?)\n## /.exec(readme) ?? []
    const options = [.../ {2}import FILE[^]*?\nExit/.exec(usage)![0].matchAll(/--[a-z-]+/g)].map(([option]) => option)
    t.ok(options.length > 20)
    t.same([...new Set(options)].filter(option => !section.includes(option)), [])
  })

  await t.test('has every command that the usage has', async t => {
    const usage = await readFile(join(root, 'src/cli.ts'), 'utf8')
    const [, lines = ''] = /`outturn COMMAND\n([^]*?)\nThe database/.exec(usage)!
    const commands = [...lines.matchAll(/^ {2}(?! )([a-z]+(?: [a-z]+)?)/gm)].map(([, command]) => command!)
    t.ok(commands.length > 14 && commands.includes('key revoke'), commands.join(', '))
    t.same(commands.filter(command => !new RegExp(`(?:outturn |\`)${command}\\b`).test(text)), [])
  })

  await t.test('has every problem code in the table of the guide for developers', async t => {
    const guide = await readFile(join(root, 'docs/developers.md'), 'utf8')
    const rows = [...guide.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, code, status, title]) => [code!, Number(status), title!])
    t.same(rows, Object.entries(problems).map(([code, [status, title]]) => [code, status, title]))
  })

  await t.test('explains every problem on a page of its own', async t => {
    for (const code of Object.keys(problems)) t.match(await app.inject(`/problems/${code}`), { statusCode: 200, body: new RegExp(`<code>${code}</code>`) }, code)
  })

  // A row of the table of resources: | `/plans/{plan}/priorities` `/outcomes` | … |, where the second is beside the first.
  const named = [...readme.matchAll(/^\| (`\/[^|]+`) \|/gm)].flatMap(([, cell]) => {
    const [first, ...others] = [...cell!.matchAll(/`([^`]+)`/g)].map(([, path]) => `/v1${path!}`)
    const beside = first!.slice(0, first!.lastIndexOf('/'))
    return [first!, ...others.map(path => paths.includes(beside + path.slice(3)) ? beside + path.slice(3) : path)]
  })

  await t.test('names every address in the README’s table of resources', async t => {
    const list = (path: string) => path.replace(/(\/\{[a-z_]+\})+$/, '')
    const there = named.map(list)
    for (const path of new Set(paths.map(list))) t.ok(there.includes(path), path)
  })

  await t.test('names no address that is not there', async t => {
    t.same(named.filter(path => !paths.includes(path)), [], 'in the table')
    const others = [...text.matchAll(/\/v1\/[a-z_{}/-]+/g)].map(([path]) => path.replace(/\/$/, '')).filter(path => path.includes('{'))
    t.same(others.filter(path => !paths.some(known => known === path || known.startsWith(`${path}/`))), [], 'elsewhere')
  })
})
