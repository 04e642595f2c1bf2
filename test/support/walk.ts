// A page walked as a person walks it: each block typed into the same terminal as it stands there, a service started in one of its
// own, Ctrl-C pressed where the text says so, and what is said to be seen looked for.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from './process.js'

export interface Place { cwd: string, env: Record<string, string> }

/** A block of `sh` is typed, one of `text` is then seen; `before` is what stands between it and the last one. */
interface Block { before: string, language: string, text: string }

const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/([^]*?)^```(.*)\n([^]*?)^```$/gm)].map(([, before, language, text]) => ({ before: before!, language: language!, text: text! }))

const servesFor = ({ text }: Block) => /\bnpm start$/m.test(text)

/** The lines that are not there, each of which may leave something open with … */
const missing = (wanted: string, output: string) => wanted.trimEnd().split('\n')
  .filter(line => !new RegExp(line.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')).test(output))

/** A terminal that closes where a command fails. */
function terminal (t: Test, { cwd, env }: Place) {
  const child = spawn('bash', ['--noprofile', '--norc'], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  let printed = ''
  let open = true
  child.stdout.setEncoding('utf8').on('data', (text: string) => { printed += text })
  const closed = new Promise<void>((resolve, reject) => child.on('error', reject).on('close', () => {
    open = false
    resolve()
  }))
  const interrupt = async () => {
    if (open) process.kill(-child.pid!, 'SIGINT')
    await closed
  }
  t.teardown(() => {
    child.stdin.end()
    return interrupt()
  })
  child.stdin.on('error', () => {}).write('exec 2>&1; set -eo pipefail\n')
  return {
    type: (file: string, mark: string) => child.stdin.write(`. '${file}' < /dev/null; echo '${mark}'\n`),
    printed: () => printed,
    forget: () => { printed = '' },
    isOpen: () => open,
    interrupt
  }
}

const mark = '--- done ---'

/** Walks to the end of the page, or fails with the block that went wrong. What each service printed. */
export async function walk (t: Test, page: string, place: Place, folder: string): Promise<string[]> {
  const hands = terminal(t, place)
  const running: Array<ReturnType<typeof terminal>> = []
  const services: typeof running = []
  let last = hands
  for (const [i, block] of blocksOf(page).entries()) {
    for (let times = block.before.split('Ctrl-C').length; times > 1; times--) await running.pop()!.interrupt()
    const fail = (why: string) => new Error(`${why}\n\n${block.text}\nPrinted:\n${last.printed()}`)
    if (block.language === 'text') {
      const seen = () => missing(block.text, last.printed()).length === 0
      if (last !== hands) await until('what is said to be seen', () => seen() || !last.isOpen()).catch(() => {})
      if (!seen()) throw fail(`This is not seen: ${missing(block.text, last.printed()).join('\n')}`)
      continue
    }
    if (block.language !== 'sh') throw fail(`A block of '${block.language}' is nothing to type and nothing to see.`)
    const file = join(folder, `block-${i}.sh`)
    await writeFile(file, block.text)
    last = servesFor(block) ? terminal(t, place) : hands
    last.forget()
    last.type(file, mark)
    if (last !== hands) {
      running.push(last)
      services.push(last)
    } else {
      while (last.isOpen() && !last.printed().includes(mark)) await new Promise(resolve => setTimeout(resolve, 20))
      if (!last.isOpen()) throw fail('A command failed:')
    }
    t.comment(block.text.split('\n')[0]!)
  }
  return services.map(service => service.printed())
}
