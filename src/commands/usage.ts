// What every command shares: its arguments, its answer on stdout, and how it is stopped.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { Problem } from '../problems.js'

/** Wrong use: told with the usage, exit code 2. */
export class UsageError extends Error {}

/** Broken off by the user or the system: what was reached is kept. */
export class Stopped extends Error {}

export const say = (text: string) => { process.stdout.write(`${text}\n`) }

/** Remarks on the way; stdout is for the result. */
export const remark = (text: string) => { process.stderr.write(`${text}\n`) }

export function parse (args: string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

export function nothing (args: string[]): void {
  const [surplus] = parse(args, {}).positionals
  if (surplus !== undefined) throw new UsageError(`'${surplus}' is not understood.`)
}

/** A whole number from 0 that stands in an option. */
export function wholeNumber (name: string, text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--${name} is a whole number, such as 5.`)
  return Number(text)
}

/** Runs work that a first SIGINT or SIGTERM stops in an orderly way; a second one ends the process as ever. */
export async function stoppable<T> (work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => { controller.abort() }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** An error in words, with every fault that it names. */
export const explain = (error: Error) => error instanceof Problem
  ? [error.message, ...(error.options.errors ?? []).map(({ pointer, detail }) => `  ${pointer}: ${detail}`)].join('\n')
  : error.message
