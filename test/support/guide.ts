// The fenced blocks of a guide, run as they stand there: a block with a name is a file, one without is run. Blocks of a section
// share a folder, and those of one language that follow each other are one program.
import { spawn } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { root } from '../../src/config.js'
import { folder } from './process.js'

export interface Block { language: string, name: string | undefined, text: string }

export const guide = (name: string) => readFile(join(root, 'docs/tools', `${name}.md`), 'utf8')

export const blocks = (text: string): Block[] =>
  [...text.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)].map(([, language, name, body]) => ({ language: language!, name, text: body! }))

/** The sections of a guide by their heading; what stands before the first belongs to each. */
export function sections (text: string): Map<string, Block[]> {
  const [first = '', ...others] = text.split(/^## /m)
  return new Map(others.map(section => [section.split('\n')[0]!, [...blocks(first), ...blocks(section)]]))
}

export interface Ran { code: number | null, out: string, err: string }

/** Runs a program to its end, without what tap puts into the environment of every Node. */
export function execute (command: string[], { cwd, env, input }: { cwd: string, env: Record<string, string>, input: string }): Promise<Ran> {
  const [program, ...args] = command as [string, ...string[]]
  const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8', ...env }, timeout: 120_000 })
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { ran.out += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { ran.err += text })
  child.stdin.end(input)
  return new Promise((resolve, reject) => child.on('error', reject).on('close', code => resolve({ ...ran, code })))
}

/** How a language is run: the program reads its text from stdin. */
const interpreters: Record<string, string[]> = {
  sh: ['sh', '-e'],
  r: ['Rscript', '--vanilla', '-'],
  // Debian's own, which has pandas; PYTHON names another.
  python: [process.env.PYTHON ?? '/usr/bin/python3', '-']
}

/** A folder for the blocks, in which the packages of the project are installed. */
export async function workplace (t: Test): Promise<string> {
  const place = await folder(t)
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'))
  await writeFile(join(place, 'package.json'), '{"type":"module"}')
  return place
}

/** Writes and runs them in order; each must end well. What each program printed. */
export async function run (t: Test, place: string, all: Block[], env: Record<string, string>): Promise<string[]> {
  const printed: string[] = []
  const programs: Block[] = []
  for (const { language, name, text } of all) {
    const last = programs.at(-1)
    if (name !== undefined) await writeFile(join(place, name), text)
    else if (interpreters[language] === undefined) continue
    else if (last?.language === language) last.text += text
    else programs.push({ language, name, text })
  }
  for (const { language, text } of programs) {
    const { code, out, err } = await execute(interpreters[language]!, { cwd: place, env, input: text })
    t.equal(code, 0, `${language} ends well\n${out}${err}`)
    printed.push(out)
  }
  return printed
}
