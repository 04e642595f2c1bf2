// Settings that cannot be right: all of them are told at once, before anything is started or written.
import { existsSync } from 'node:fs'
import t from 'tap'
import { cli, failing, folder } from '../support/process.js'

const wrong = {
  PORT: '70000',
  LOG_LEVEL: 'loud',
  OUTTURN_SAMPLE: 'maybe',
  OUTTURN_ADMIN_KEY: 'short-secret',
  OUTTURN_PUBLIC_URL: 'ftp://example.org',
  DATABASE_URL: 'mysql://user:hunter2@host/database'
}

await t.test('wrong settings are listed together, without their secrets, and end the service with code 2', async t => {
  const dataDir = `${await folder(t)}/never`
  const { code, out, err } = await failing(t, { env: { ...wrong, OUTTURN_DATA_DIR: dataDir } })
  t.equal(code, 2)
  t.equal(out, '')
  for (const name of Object.keys(wrong)) t.match(err, new RegExp(`^\\s*${name}\\b.+`, 'm'), name)
  t.notMatch(err, /hunter2|short-secret|\n\s+at /)
  t.equal(existsSync(dataDir), false)
})

await t.test('the command line refuses them in the same words', async t => {
  const { DATABASE_URL, LOG_LEVEL } = wrong
  const { code, out, err } = await cli(t, ['migrate'], { env: { DATABASE_URL, LOG_LEVEL } })
  t.equal(code, 2)
  t.equal(out, '')
  t.match(err, /DATABASE_URL[^]*LOG_LEVEL/)
})
