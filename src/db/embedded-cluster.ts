// The data folder of the embedded PostgreSQL: one cluster in pg<major> that is made whole or not
// at all, its log, the folder of its socket, who is running on it and whether it answers.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, lstat, mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { exitOf, giveTo, launch, patience, tempBeside, type Binaries, type Install } from './embedded-install.js'

const linux = process.platform === 'linux'
const run = promisify(execFile)

/** The server at work on a cluster: its pid, the process that started it, and its socket once open. */
export interface Postmaster { pid: number, owner: number, socket: string | undefined }

export async function clusterIn (dataDir: string, { major }: Binaries): Promise<string> {
  const found = (await readdir(dataDir)).filter(name => /^pg\d+$/.test(name))
  if (found.length > 0 && !found.includes(`pg${major}`)) {
    throw new Error(`${dataDir} holds data of another PostgreSQL (${found.join(', ')}), this one is ${major}: ` +
      'export the plans with the release that wrote them, set OUTTURN_DATA_DIR to a new folder and load them there')
  }
  return join(dataDir, `pg${major}`)
}

// Empty for a process that is gone, and for one that is dead but still in the process table.
async function commandLine (pid: number): Promise<string> {
  if (linux) return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout, () => '')
}

export async function isAlive (pid: number): Promise<boolean> {
  return await commandLine(pid) !== ''
}

async function readLock (cluster: string) {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new Error(`${cluster} belongs to another user: run as that user, or set OUTTURN_DATA_DIR`, { cause: error })
  })
  const [pid, , , , socket] = text.split('\n')
  const line = pid ? await commandLine(Number(pid)) : ''
  // Pids recur, so a process counts only if its command line names this cluster.
  const serves = line.includes(['postgres', '-D', cluster, ''].join(linux ? '\0' : ' '))
  return { pid: Number(pid), owner: Number(/outturn\.owner=(\d+)/.exec(line)?.[1] ?? pid), socket: socket || undefined, serves }
}

export async function findPostmaster (cluster: string): Promise<Postmaster | undefined> {
  const { serves, ...found } = await readLock(cluster)
  return serves ? found : undefined
}

/** The pid that a killed server left in its lock file; PostgreSQL would take any live process for that server. */
export async function stalePid (cluster: string): Promise<number | undefined> {
  const { serves, pid } = await readLock(cluster)
  return serves ? undefined : pid || undefined
}

/** Removes what a killed process left unfinished, and programs of earlier versions. */
export async function sweep (dataDir: string, { version }: Binaries): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = /\.new-(\d+)-[0-9a-f]+$/.exec(name)?.[1]
    const unfinished = pid !== undefined && (Number(pid) === process.pid || !await isAlive(Number(pid)))
    const outdated = name.startsWith('binaries-') && pid === undefined && name !== `binaries-${version}`
    if (unfinished || outdated) await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Starts a new log, so it stays small; the one before is kept, for it may tell why there was an end. */
export async function openLog ({ way }: Install, dataDir: string): Promise<FileHandle> {
  await mkdir(join(dataDir, 'log'), { recursive: true, mode: 0o700 })
  await giveTo(way, join(dataDir, 'log'))
  const path = join(dataDir, 'log/postgres.log')
  await rename(path, `${path}.1`).catch(() => {})
  return open(path, 'a+', 0o600)
}

export async function lastLines (log: FileHandle): Promise<string> {
  const { size } = await log.stat()
  const { buffer, bytesRead } = await log.read({ position: Math.max(0, size - 4096), length: 4096, buffer: Buffer.alloc(4096) })
  return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-12).join('\n')
}

/** True when the cluster is new. initdb works beside and the result is renamed, so none is ever half made. */
export async function createCluster (
  install: Install, cluster: string, durable: boolean, log: FileHandle
): Promise<boolean> {
  if (await access(join(cluster, 'PG_VERSION')).then(() => true, () => false)) return false
  const temp = tempBeside(cluster)
  await mkdir(temp, { mode: 0o700 })
  await giveTo(install.way, temp)
  const status = await exitOf(launch(install, log.fd, 'initdb', ['-D', temp, '-U', 'outturn',
    '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    '--auth-local=trust', '--auth-host=reject', '--no-instructions', ...durable ? [] : ['--no-sync']]), 120_000)
  const renamed = status === 0 && await rename(temp, cluster).then(() => true, () => false)
  if (!renamed) await rm(temp, { recursive: true, force: true, maxRetries: 5 })
  if (status !== 0) throw new Error(`initdb could not make ${cluster}`)
  if (renamed && durable) {
    const parent = await open(join(cluster, '..'))
    await parent.sync().finally(() => parent.close())
  }
  return renamed
}

/** A folder that only the server's uid can enter, with a path short enough for a socket. */
export async function socketFolder ({ way }: Install, dataDir: string): Promise<string> {
  const uid = way.as.uid ?? process.getuid!()
  const short = `outturn-${uid}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  const inside = join(dataDir, 'socket')
  // Linux allows 107 bytes, macOS 103.
  const folder = [inside, join(tmpdir(), short), join('/tmp', short)]
    .find(path => Buffer.byteLength(join(path, '.s.PGSQL.5432')) <= 103)!
  const made = await mkdir(folder, { mode: 0o700 }).then(() => true, () => false)
  if (made || folder === inside) await giveTo(way, folder)
  const found = await lstat(folder)
  // Anybody can make a folder among the temporary ones, and would then own our socket.
  if (folder !== inside && (found.uid !== uid || (found.mode & 0o077) !== 0 || !found.isDirectory())) {
    throw new Error(`${folder} should be private to uid ${uid} and is not: remove it`)
  }
  return folder
}

export function urlOf (socket: string): string {
  return `postgresql://outturn@localhost:5432/outturn?host=${encodeURIComponent(socket)}&sslmode=disable`
}

/** Polls until the database takes a connection; false when where() says there is no server any more. */
export async function answers (where: () => Promise<string | undefined>): Promise<boolean> {
  let deadline = Date.now() + patience
  let problem: (Error & { code?: string }) | undefined
  while (Date.now() < deadline) {
    const url = await where()
    if (url === undefined) return false
    problem = url === '' ? undefined : await query(url, 'select 1')
    if (url !== '' && problem === undefined) return true
    // Made here and not by initdb, so that a cluster without it mends itself.
    if (problem?.code === '3D000') await query(url.replace('/outturn?', '/postgres?'), 'create database outturn')
    // It is replaying its log after a crash; cutting that short would only start it over.
    if (problem?.code === '57P03') deadline = Date.now() + patience
    await sleep(10)
  }
  throw new Error(`PostgreSQL does not answer: ${problem?.message}`)
}

async function query (connectionString: string, text: string): Promise<Error | undefined> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: patience, query_timeout: patience })
  // A connection that breaks while idle reports it here as well, and nobody else listens.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(text)
    return undefined
  } catch (error) {
    return error as Error
  } finally {
    await client.end()
  }
}
