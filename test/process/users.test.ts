// Who may run it, and from where: root, an ordinary user, and a folder that only its owner can enter.
import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { codes } from '../documents/sample.js'
import { asRoot, cli, copyOfProgram, folder, nobody, service, type How } from '../support/process.js'

/** A first start with the sample plans, a command beside it, a stop and a later start. */
async function life (t: Test, how: How): Promise<void> {
  const first = await service(t, how)
  t.equal((await first.get('/v1/plans')).body.items.length, codes.length)
  t.equal((await first.get('/health/ready')).status, 200)
  t.equal((await first.get('/docs/analysts')).status, 200)
  const { code, out, err } = await cli(t, ['key', 'create'], how)
  t.equal(code, 0, err)
  t.equal((await first.send('GET', '/v1/me', undefined, { as: out.trim() })).status, 200)
  t.equal(await first.stop(), 0, first.said.err)
  const later = await service(t, how)
  t.match(await later.send('GET', '/v1/me', undefined, { as: first.key }), { status: 200 })
  t.equal(await later.stop(), 0, later.said.err)
}

/** Node may itself lie where nobody else can reach it, as under root's own folder. */
const reachable = asRoot && spawnSync(process.execPath, ['--version'], { uid: nobody, gid: nobody, env: {} }).status === 0

const skip = !asRoot ? 'starting it as somebody else needs root' : !reachable && 'this Node is out of reach for an ordinary user'

await t.test('it runs from a folder that only its owner can enter, with its data inside', async t => {
  const place = await copyOfProgram(t, { mode: 0o700 })
  await life(t, { place })
  t.equal((await stat(join(place, '.outturn'))).isDirectory(), true, 'in .outturn, where the settings say nothing')
})

await t.test('it runs for an ordinary user from a folder that only they can enter', { skip }, async t => {
  const place = await copyOfProgram(t, { mode: 0o700, uid: nobody })
  await life(t, { place, uid: nobody })
  t.equal((await stat(join(place, '.outturn'))).uid, nobody)
})

await t.test('root can keep the data in a folder of an ordinary user', { skip }, async t => {
  const dataDir = join(await folder(t, { mode: 0o700, uid: nobody }), 'data')
  await life(t, { env: { OUTTURN_DATA_DIR: dataDir } })
})
