// Migrations since the last release only add, so that its processes go on serving while those of the next one start. What nothing reads any
// longer is taken away one release later, by a migration that says so: "// contract: column x, not read since 1.2.0".
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { root } from '../../src/config.js'
import { migrations } from '../../src/db/migrate.js'

const taking = /\bdrop\s+(table|column|view|type|schema)\b|\brename\b|\balter\s+column\s+\w+\s+(set\s+(not\s+null|data\s+type)|type)\b|\.(dropTable|dropColumn|dropView|renameTo|renameColumn|setNotNull|setDataType)\(/gi

const takenAway = (source: string) => /^\/\/ contract: \S/m.test(source) ? [] : [...source.matchAll(taking)].map(([found]) => found)

/** Those that the newest release has; before there is one, all that there are. */
async function released (): Promise<string[]> {
  const place = join(root, 'test/fixtures/upgrades')
  const [newest] = (await readdir(place)).filter(file => /^\d+\.\d+\.\d+\.backup$/.test(file)).sort(new Intl.Collator('en', { numeric: true }).compare).reverse()
  if (newest === undefined) return Object.keys(await migrations())
  return JSON.parse(gunzipSync(await readFile(join(place, newest))).toString().split('\n', 1)[0]!).migrations
}

await t.test('a migration since the last release takes nothing away that its processes may read', async t => {
  const frozen = await released()
  for (const name of Object.keys(await migrations()).filter(name => !frozen.includes(name))) {
    t.same(takenAway(await readFile(join(root, 'migrations', `${name}.ts`), 'utf8')), [],
      `${name}: add the new beside the old, and take the old away in the release after, in a migration with a line "// contract: what, not read since which release"`)
  }
})

await t.test('what takes away is known when it is seen', async t => {
  for (const source of [
    'alter table areas drop column title', 'DROP TABLE areas', 'alter table areas rename column a to b', 'alter table areas alter column title set not null',
    'alter table areas\n alter column code type integer', "db.schema.alterTable('areas').dropColumn('title')", "db.schema.dropTable('areas')", "alterColumn('a', c => c.setNotNull())"
  ]) t.equal(takenAway(source).length, 1, source)
  for (const source of [
    'create table b (title text not null)', 'alter table areas add column note text', 'create index concurrently', 'drop index slow', 'drop trigger old on areas',
    '// contract: column title, not read since 1.2.0\nalter table areas drop column title'
  ]) t.same(takenAway(source), [], source)
})
