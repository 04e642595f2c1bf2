// What the image and docker-compose.yml promise to whoever runs them. No engine is asked: the files are read.
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { loadConfig, settings } from '../../src/config.js'

const dockerfile = await readFile('Dockerfile', 'utf8')
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
const compose = parse(await readFile('docker-compose.yml', 'utf8'))
const { outturn, database } = compose.services

await t.test('the image runs what the package publishes, without packages of development, as an ordinary user', async t => {
  const { files } = JSON.parse(await readFile('package.json', 'utf8')) as { files: string[] }
  for (const file of files) t.match(image, new RegExp(`^COPY .*\\b${file}( |$)`, 'm'), file)
  t.match(dockerfile, /npm prune --omit=dev/)
  t.match(image, /COPY --from=build \/app\/node_modules/)
  t.match(image, /^USER node$[^]*^(ENTRYPOINT|CMD)/m)
  t.match(image, /^HEALTHCHECK [^]*\/health\/ready/m)
  for (const [line] of dockerfile.matchAll(/^FROM .*/gm)) t.match(line, /^FROM node:\d+-/, 'of a stated version')
})

await t.test('the service runs on a read-only root, with no capability, and is given the time that its stop may take', async t => {
  t.match(outturn, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], tmpfs: ['/tmp'] })
  for (const address of outturn.ports) t.match(address, /^127\.0\.0\.1:/, 'reached from its machine only, where a proxy with TLS stands before it')
  t.ok(parseInt(outturn.stop_grace_period) > 10, 'longer than answers on their way are waited for')
  t.equal(outturn.depends_on.database.condition, 'service_healthy')
  t.ok(database.healthcheck)
})

await t.test('no secret stands in docker-compose.yml, and its settings are those of the service', async t => {
  t.same(Object.keys(outturn.environment).filter(name => !(name in settings)), [])
  const { DATABASE_URL } = outturn.environment
  t.equal(loadConfig({ DATABASE_URL }).databaseUrl, DATABASE_URL)
  t.equal(new URL(DATABASE_URL).password, '')
  for (const service of [outturn, database]) t.same(service.secrets, ['database-password'])
  t.equal(outturn.environment.DATABASE_PASSWORD_FILE, database.environment.POSTGRES_PASSWORD_FILE)
  for (const ignored of ['.gitignore', '.dockerignore']) t.match(await readFile(ignored, 'utf8'), /^secrets\/?$/m, ignored)
})
