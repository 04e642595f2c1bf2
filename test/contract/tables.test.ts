// The row types are those of the migrated database. With UPDATE=1 this test writes the file.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { root } from '../../src/config.js'
import { testDatabase } from '../support/database.js'

const file = join(root, 'src/db/tables.ts')

async function generate (url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'node_modules/kysely-codegen/dist/cli/bin.js'),
    '--dialect', 'postgres', '--url', url, '--date-parser', 'string', '--numeric-parser', 'string',
    '--type-mapping', '{"timestamptz":"string","int8":"number","jsonb":"unknown"}', '--exclude-pattern', 'kysely_*', '--print'
  ], { cwd: root, maxBuffer: 10_000_000 })
  return stdout.slice(stdout.indexOf('/**')).replace('export interface DB {', 'export interface Tables {').trimEnd() + '\n'
}

await t.test('src/db/tables.ts is what the migrated database has', async t => {
  const generated = await generate(await testDatabase(t))
  if (process.env.UPDATE !== undefined) await writeFile(file, generated)
  t.equal(await readFile(file, 'utf8'), generated, 'UPDATE=1 writes it')
})
