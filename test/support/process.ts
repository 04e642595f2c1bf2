// The program as it is delivered, compiled once for the run, and real processes of it: started, spoken to, stopped and killed.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { postmasterOf } from './postgres.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const patience = 60_000
/** What goes with the program. */
const delivered = ['package.json', 'README.md', 'CHANGELOG.md', 'data', 'docs', 'openapi']
/** As npm start has it. */
const heap = '--max-old-space-size=1024'

export const asRoot = process.getuid?.() === 0
export const nobody = 65_534

/** A folder that is gone after the test; every user may enter it unless said otherwise. */
export async function folder (t: Test, { mode = 0o755, uid }: { mode?: number, uid?: number } = {}): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'outturn-process-')))
  t.teardown(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }))
  await chmod(path, mode)
  if (uid !== undefined) await chown(path, uid, uid)
  return path
}

async function compile (place: string): Promise<string> {
  await run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(place, 'dist')], { cwd: repository })
  await run('cp', ['-R', ...delivered.map(name => join(repository, name)), place])
  return place
}

let compiled: Promise<string> | undefined

/** The compiled program in a place of its own, with the packages that are installed here. */
export function program (): Promise<string> {
  compiled ??= folder(t).then(compile).then(async place => {
    await symlink(join(repository, 'node_modules'), join(place, 'node_modules'))
    return place
  })
  return compiled
}

/** A copy that needs nothing outside of its folder but Node: what an ordinary user has after npm ci. */
export async function copyOfProgram (t: Test, { uid, mode }: { uid?: number, mode: number }): Promise<string> {
  const [from, place] = [await program(), join(await folder(t), 'outturn')]
  await mkdir(place)
  await run('cp', ['-RP', ...['dist', ...delivered].map(name => join(from, name)), place])
  const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean, devOptional?: boolean }> }
  const needed = Object.keys(packages).filter(path => path !== '' && !packages[path]!.dev && !packages[path]!.devOptional && path.lastIndexOf('node_modules/') === 0)
  for (const group of new Set(needed.map(dirname))) {
    await mkdir(join(place, group), { recursive: true })
    await run('cp', ['-RP', ...needed.filter(path => dirname(path) === group).map(path => join(repository, path)).filter(existsSync), join(place, group)])
  }
  if (uid !== undefined) await run('chown', ['-R', `${uid}:${uid}`, place])
  await chmod(place, mode)
  return place
}

/** Ports of this machine that nobody listens on, each another. */
export async function freePorts (count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  return servers.map(server => {
    const { port } = server.address() as AddressInfo
    server.close()
    return port
  })
}

export interface How {
  env?: Record<string, string>
  /** Folder of the program; the one compiled for the run where not given. */
  place?: string
  uid?: number
}

async function begin (t: Test, script: string, args: string[], { env = {}, place, uid }: How) {
  // Through env, for tap puts NODE_OPTIONS into every Node it starts, to write a report that an ordinary user cannot.
  const settings = Object.entries({ PATH: process.env.PATH, ...env }).map(([name, value]) => `${name}=${value}`)
  const child = spawn('env', ['-i', ...settings, process.execPath, heap, join(place ?? await program(), 'dist/src', script), ...args], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid })
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { said.out += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said.err += text })
  const ended = new Promise<number | string>((resolve, reject) => child.on('error', reject).on('close', (code, signal) => resolve(code ?? signal!)))
  t.teardown(() => { child.kill('SIGKILL') })
  return { child, said, ended }
}

/** Waits for it, but not for ever. */
export async function until<T> (what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(10)) {
    const found = await look()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(`Waited ${patience / 1000} s in vain: ${what}`)
}

async function within (child: ChildProcess, ended: Promise<number | string>, said: { out: string, err: string }): Promise<number | string> {
  const timer = setTimeout(() => { child.kill('SIGKILL') }, patience)
  const code = await ended.finally(() => clearTimeout(timer))
  if (code === 'SIGKILL') throw new Error(`It did not end by itself.\n${said.out}${said.err}`)
  return code
}

/** The command line while it runs. */
export const running = (t: Test, args: string[], how: How = {}) => begin(t, 'cli.js', args, how)

export interface Ended { code: number | string, out: string, err: string }

/** Runs the command line to its end. */
export async function cli (t: Test, args: string[], how: How = {}): Promise<Ended> {
  const { child, said, ended } = await begin(t, 'cli.js', args, how)
  return { code: await within(child, ended, said), ...said }
}

/** Runs a service that is not expected to come up. */
export async function failing (t: Test, how: How): Promise<Ended> {
  const { child, said, ended } = await begin(t, 'main.js', [], { ...how, env: { PORT: '0', LOG_LEVEL: 'warn', ...how.env } })
  return { code: await within(child, ended, said), ...said }
}

export type Service = Awaited<ReturnType<typeof service>>

/** A running service, once it says that it is ready. */
export async function service (t: Test, how: How = {}, script: 'main.js' | 'cli.js' = 'main.js') {
  const { child, said, ended } = await begin(t, script, script === 'cli.js' ? ['serve'] : [], { ...how, env: { PORT: '0', LOG_LEVEL: 'warn', ...how.env } })
  let over: number | string | undefined
  void ended.then(code => { over = code }, () => { over = 'error' })
  const url = await until('a service that is ready', () => {
    if (over !== undefined) throw new Error(`The service ended with ${over}.\n${said.out}${said.err}`)
    // The whole announcement, of which the line about the key is the last.
    return /key/i.test(said.out) ? /ready at (\S+)/.exec(said.out)?.[1] : undefined
  })
  const [key] = /ot_live_\w+/.exec(said.out) ?? []
  const own = how.env?.OUTTURN_ADMIN_KEY ?? key
  const send = async (method: string, path: string, body?: unknown, { as = own, ifMatch }: { as?: string | undefined, ifMatch?: string } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch })
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience)
    })
    const text = await response.text()
    const json = /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined }
  }
  return {
    url,
    key,
    said,
    child,
    ended,
    send,
    get: (path: string) => send('GET', path),
    put: (path: string, body: unknown) => send('PUT', path, body),
    post: (path: string, body: unknown) => send('POST', path, body),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Stops it as an operator does; answers the exit code. */
    stop: () => {
      child.kill('SIGTERM')
      return within(child, ended, said)
    },
    /** Ends it as a power cut does. */
    kill: async () => {
      child.kill('SIGKILL')
      return ended
    }
  }
}

/** The process of the embedded database in this folder, while its lock is there. */
export async function postmaster (dataDir: string): Promise<number | undefined> {
  const [cluster = ''] = (await readdir(dataDir)).filter(name => /^pg\d+$/.test(name))
  return await postmasterOf(join(dataDir, cluster)) || undefined
}
