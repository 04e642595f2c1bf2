// The environment as a typed, validated value: the only reader of process.env. All wrong settings are reported at once.
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the package, whether run from src or from dist. */
export const root = (() => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
})()

export interface Config {
  host: string
  port: number
  databaseUrl: string | null
  /** A replica for what is only read. */
  readUrl: string | null
  dataDir: string
  sample: boolean
  adminKey: string | null
  publicUrl: string | null
  trustProxy: string[]
  /** null: no limit. */
  rateLimit: { rate: number, burst: number } | null
  anonymousRateLimit: { rate: number, burst: number } | null
  /** In seconds. */
  statementTimeout: number
  securityContact: string | null
  logLevel: string
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Name, default as printed, and meaning of each setting; the README's table is compared with this one. */
export const settings = {
  HOST: ['127.0.0.1', 'Address to listen on.'],
  PORT: ['3000', 'Port to listen on; 0 takes a free one.'],
  DATABASE_URL: ['none', 'PostgreSQL 15 or newer, as postgres://user:password@host:port/database. Absent: an embedded PostgreSQL is started.'],
  DATABASE_READ_URL: ['none', 'A streaming replica of that database, for what is only read. A client that wrote reads from it what it wrote, or from the primary: docs/operation.md.'],
  DATABASE_PASSWORD_FILE: ['none', 'File whose first line is the password of these databases, for an address that holds none: a secret of a container, say.'],
  OUTTURN_DATA_DIR: ['.outturn', 'Folder of the embedded database, and nothing else.'],
  OUTTURN_SAMPLE: ['on when embedded and empty, else off', 'on or off: load the sample plans of data/ at start, where no plan was ever held.'],
  OUTTURN_ADMIN_KEY: ['none', 'Bootstrap key with the role admin: 32 or more visible ASCII characters. Absent on a first start: one is made and printed once.'],
  OUTTURN_ADMIN_KEY_FILE: ['none', 'File whose first line is that key, instead of OUTTURN_ADMIN_KEY.'],
  OUTTURN_PUBLIC_URL: ['none', 'Address that clients use, for absolute links behind a proxy: https://outturn.example.gov.uk. Absent: taken from the request.'],
  OUTTURN_TRUST_PROXY: ['none', 'Addresses and networks of proxies whose X-Forwarded headers are believed, joined by commas: loopback, 10.0.0.5, 10.1.0.0/16. Absent: nobody’s are.'],
  OUTTURN_RATE_LIMIT: ['50/1000', 'Requests of each client, through all processes: a second in the long run / at once after a rest; off: no limit. The bootstrap key is exempt.'],
  OUTTURN_ANONYMOUS_RATE_LIMIT: ['50/1000', 'The same for all who send no key, together.'],
  OUTTURN_STATEMENT_TIMEOUT: ['30', 'Seconds, 1 to 3600, after which the database gives up a statement of a request, which is answered 503. Downloads and deliveries take as long as they need.'],
  OUTTURN_SECURITY_CONTACT: ['none', 'Whom to tell of a weakness, for /.well-known/security.txt: mailto:security@example.gov.uk or an https address. Absent: there is no such file.'],
  LOG_LEVEL: ['info', `One of ${logLevels.join(', ')}.`]
} as const satisfies Record<string, readonly [string, string]>

/** What the commands that talk to a running service read, in the same form; a table of its own in the README. */
export const clientSettings = {
  OUTTURN_URL: ['none', 'Address of the service, as https://outturn.example.gov.uk; --url goes before it.'],
  OUTTURN_KEY: ['none', 'Key to send; the first line of --key-file goes before it. A key is never an argument, for others on the machine see those.']
} as const satisfies Record<string, readonly [string, string]>

export class ConfigError extends Error {
  constructor (faults: string[]) {
    super(`Wrong settings:\n${faults.map(fault => `  ${fault}`).join('\n')}`)
  }
}

export function loadConfig (env: NodeJS.ProcessEnv): Config {
  const faults: string[] = []
  const read = <T>(name: keyof typeof settings, parse: (value: string) => T | undefined, absent: T): T => {
    const value = env[name]
    if (value === undefined || value === '') return absent
    const parsed = parse(value)
    if (parsed === undefined) faults.push(`${name}: ${settings[name][1]}`)
    return parsed === undefined ? absent : parsed
  }
  const secret = (name: 'DATABASE_PASSWORD_FILE' | 'OUTTURN_ADMIN_KEY_FILE') => {
    const line = env[name] ? firstLine(name, env[name], faults) : undefined
    if (line === '') faults.push(`${name}: ${env[name]} holds nothing in its first line.`)
    return line
  }
  const password = secret('DATABASE_PASSWORD_FILE')
  const database = (value: string) => address(value, password)
  const databaseUrl = read<string | null>('DATABASE_URL', database, null)
  const readUrl = read<string | null>('DATABASE_READ_URL', value => databaseUrl === null ? undefined : database(value), null)
  const adminKey = env.OUTTURN_ADMIN_KEY || secret('OUTTURN_ADMIN_KEY_FILE') || null
  if (adminKey !== null && !/^[!-~]{32,512}$/.test(adminKey)) {
    faults.push(`${env.OUTTURN_ADMIN_KEY ? 'OUTTURN_ADMIN_KEY' : 'OUTTURN_ADMIN_KEY_FILE'}: ${settings.OUTTURN_ADMIN_KEY[1]}`)
  }
  const config: Config = {
    host: read('HOST', value => value, '127.0.0.1'),
    port: read('PORT', value => /^\d{1,5}$/.test(value) && Number(value) < 65_536 ? Number(value) : undefined, 3000),
    databaseUrl,
    readUrl,
    dataDir: resolve(read('OUTTURN_DATA_DIR', value => value, join(root, '.outturn'))),
    sample: read('OUTTURN_SAMPLE', value => value === 'on' ? true : value === 'off' ? false : undefined, databaseUrl === null),
    adminKey,
    publicUrl: read<string | null>('OUTTURN_PUBLIC_URL', value => /^https?:\/\/[^\s/]+$/.test(value.replace(/\/$/, '')) ? value.replace(/\/$/, '') : undefined, null),
    trustProxy: read('OUTTURN_TRUST_PROXY', proxies, []),
    rateLimit: read('OUTTURN_RATE_LIMIT', allowance, { rate: 50, burst: 1000 }),
    anonymousRateLimit: read('OUTTURN_ANONYMOUS_RATE_LIMIT', allowance, { rate: 50, burst: 1000 }),
    statementTimeout: read('OUTTURN_STATEMENT_TIMEOUT', value => /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3600 ? Number(value) : undefined, 30),
    securityContact: read<string | null>('OUTTURN_SECURITY_CONTACT', value => /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]+)$/.test(value) ? value : undefined, null),
    logLevel: read('LOG_LEVEL', value => logLevels.includes(value) ? value : undefined, 'info')
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** The address with the password as a parameter of it, where it has none of its own. */
function address (text: string, password: string | undefined): string | undefined {
  if (!/^postgres(ql)?:\/\/./.test(text)) return undefined
  const holdsOne = /^[a-z]+:\/\/[^/@]*:[^/@]+@|[?&]password=/.test(text)
  return password === undefined || holdsOne ? text : `${text}${text.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}`
}

/** So many a second / so many at once. */
function allowance (value: string): Config['rateLimit'] | undefined {
  if (value === 'off') return null
  const [, rate, burst] = /^(\d{1,6}(?:\.\d{1,3})?)\/(\d{1,7})$/.exec(value)?.map(Number) ?? []
  return rate! > 0 && burst! >= 1 ? { rate: rate!, burst: burst! } : undefined
}

function proxies (value: string): string[] | undefined {
  const all = value.split(',').map(one => one.trim())
  return all.every(isNetwork) ? all : undefined
}

function isNetwork (text: string): boolean {
  const [address = '', length, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0) return ['loopback', 'linklocal', 'uniquelocal'].includes(text)
  return more.length === 0 && (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128)))
}

export interface ClientConfig { url: string, key: string }

interface Given { url?: string | undefined, keyFile?: string | undefined }

export function loadClientConfig (given: Given, env: NodeJS.ProcessEnv = process.env): ClientConfig {
  const faults: string[] = []
  const url = (given.url ?? env.OUTTURN_URL ?? '').replace(/\/+$/, '')
  const fault = (option: string, name: keyof typeof clientSettings, absent: boolean, wrong: string) =>
    faults.push(absent ? `${name} or ${option}: ${clientSettings[name][1]}` : wrong)
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]+)?$/.test(url) || !URL.canParse(url)) {
    const place = given.url === undefined ? 'OUTTURN_URL' : '--url'
    fault('--url', 'OUTTURN_URL', url === '', `${place}: '${url}' is not an address such as https://outturn.example.gov.uk.`)
  }
  const key = given.keyFile === undefined ? env.OUTTURN_KEY ?? '' : firstLine('--key-file', given.keyFile, faults)
  if (key !== undefined && !/^[!-~]{16,512}$/.test(key)) {
    const place = given.keyFile === undefined ? 'OUTTURN_KEY' : `--key-file ${given.keyFile}`
    fault('--key-file', 'OUTTURN_KEY', key === '' && given.keyFile === undefined, `${place}: holds no key, which is one line of visible ASCII characters.`)
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return { url, key: key! }
}

function firstLine (place: string, file: string, faults: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')[0]!.trim()
  } catch (error) {
    faults.push(`${place}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
    return undefined
  }
}
