// Settings that cannot be right: all of them are told at once, before anything is started or written.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { loadConfig } from '../../src/config.js'
import { cli, failing, folder } from '../support/process.js'

const wrong = {
  PORT: '70000',
  LOG_LEVEL: 'loud',
  OUTTURN_SAMPLE: 'maybe',
  OUTTURN_ADMIN_KEY: 'short-secret',
  OUTTURN_PUBLIC_URL: 'ftp://example.org',
  OUTTURN_TRUST_PROXY: 'everybody',
  OUTTURN_RATE_LIMIT: '50',
  OUTTURN_ANONYMOUS_RATE_LIMIT: '0/10',
  OUTTURN_STATEMENT_TIMEOUT: '0',
  OUTTURN_SECURITY_CONTACT: 'somebody',
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

await t.test('limits, proxies and a contact are read as they are written', async t => {
  const read = (env: Record<string, string>) => loadConfig({ ...env })
  const usual = { rate: 50, burst: 1000 }
  t.match(read({}), { rateLimit: usual, anonymousRateLimit: usual, statementTimeout: 30, trustProxy: [], securityContact: null })
  t.match(read({ OUTTURN_RATE_LIMIT: 'off', OUTTURN_ANONYMOUS_RATE_LIMIT: '0.5/20' }), { rateLimit: null, anonymousRateLimit: { rate: 0.5, burst: 20 } })
  t.same(read({ OUTTURN_TRUST_PROXY: 'loopback, 10.0.0.5,10.1.0.0/16,fd00::/8' }).trustProxy, ['loopback', '10.0.0.5', '10.1.0.0/16', 'fd00::/8'])
  for (const proxy of ['true', '2', '10.0.0.0/33', '10.0.0.5/', 'proxy.example', 'loopback,']) t.throws(() => read({ OUTTURN_TRUST_PROXY: proxy }), /OUTTURN_TRUST_PROXY/, proxy)
  for (const contact of ['https://example.gov.uk/report', 'mailto:a@b.example', 'tel:+44-20-0000']) t.equal(read({ OUTTURN_SECURITY_CONTACT: contact }).securityContact, contact)
  for (const contact of ['http://example.gov.uk', 'mailto:x', 'mailto:a@b\nExpires: never']) t.throws(() => read({ OUTTURN_SECURITY_CONTACT: contact }), /OUTTURN_SECURITY_CONTACT/, contact)
})

await t.test('secrets stand in files where a file is named', async t => {
  const place = await folder(t)
  const file = async (name: string, text: string) => {
    await writeFile(join(place, name), text)
    return join(place, name)
  }
  const key = 'a-bootstrap-key-that-is-long-enough'
  const password = await file('password', 'p&ss:w/rd+%41\n')
  const read = (env: Record<string, string>) => loadConfig({ DATABASE_PASSWORD_FILE: password, ...env })
  const passwordOf = (env: Record<string, string>) => new pg.Client({ connectionString: read(env).databaseUrl! }).password
  t.equal(passwordOf({ DATABASE_URL: 'postgres://outturn@database:5432/outturn' }), 'p&ss:w/rd+%41')
  t.equal(passwordOf({ DATABASE_URL: 'postgres://outturn@database/outturn?sslmode=disable' }), 'p&ss:w/rd+%41')
  t.equal(passwordOf({ DATABASE_URL: 'postgres://outturn:own@database/outturn' }), 'own', 'a password in the address is the one')
  t.match(read({ DATABASE_URL: 'postgres://a:own@b/c', DATABASE_READ_URL: 'postgres://a@d/c' }).readUrl, /password=p%26ss/, 'and the replica has it too')
  t.equal(read({ OUTTURN_ADMIN_KEY_FILE: await file('key', `${key}\nsecond line\n`) }).adminKey, key)

  const refused = async (env: Record<string, string>, message: RegExp) => t.throws(() => loadConfig(env), { message })
  await refused({ DATABASE_PASSWORD_FILE: join(place, 'none') }, /DATABASE_PASSWORD_FILE: .*none cannot be read \(ENOENT\)/)
  await refused({ OUTTURN_ADMIN_KEY_FILE: await file('empty', '\n') }, /OUTTURN_ADMIN_KEY_FILE: .*empty holds nothing/)
  await refused({ OUTTURN_ADMIN_KEY_FILE: await file('short', 'hunter2') }, /^(?![^]*hunter2)[^]*OUTTURN_ADMIN_KEY_FILE: Bootstrap key/)
})
