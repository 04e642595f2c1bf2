// The exceptions from the rules that hold for every operation, in words. One that is not needed any more fails the run.
import type { Test } from 'tap'

export const exceptions: Record<string, Record<string, string>> = {
  'needs If-Match': {
    putDatapoint: 'One figure is put with a curl line and needs no precondition; If-Match with its revision is honoured.',
    deleteDatapoint: 'Withdrawing one figure needs no precondition; If-Match with its revision is honoured.',
    deleteKey: 'Revoking a key takes effect at once; a key has no version that could be stale.'
  },
  'takes back what GET answered': {
    putDatapoint: 'One figure is put as a row without its key, which stands in the address.'
  },
  'takes an Idempotency-Key': {
    createKey: 'The answer shows a secret that is never shown again, so it is not kept for a replay.'
  },
  'comes in pages': {
    listKeys: 'A client has at most two live keys, so one page holds them all.',
    listChanges: 'The feed never ends: it goes on from a bookmark in after, and next_cursor is never null.'
  },
  'answers refusals as Problem': {
    'importDatapoints 422': 'A rejected delivery is a problem that carries its receipt, so it has a schema of its own.'
  },
  'has an example of its answer': {
    getTree: 'A whole plan: its parts have examples, and any sample plan shows one.',
    putBundle: 'The receipt counts each section of the plan.',
    getPublication: 'A whole plan, as in the example of a bundle.',
    comparePublications: 'What changed between two whole plans.',
    getScorecard: 'Every line of a plan with all that it is judged by: docs/scorecard.md shows one.'
  },
  'has at most 300 lines': {
    'src/db/tables.ts': 'Generated from the migrated database.'
  },
  'leaves the environment to config.ts': {}
}

const used = new Set<string>()

/** Holds a rule, or its exception; an exception from a rule that is kept fails as well. */
export function hold (t: Test, rule: string, name: string, kept: boolean, extra: Record<string, unknown> = {}): void {
  const words = exceptions[rule]![name]
  used.add(`${rule}: ${name}`)
  if (words === undefined) t.ok(kept, `${name} ${rule}`, extra)
  else t.notOk(kept, `${name} still needs its exception: ${words}`, extra)
}

/** Whether the rule is excused for this name; whoever asks must also hold the rule somewhere. */
export const excused = (rule: string, name: string) => exceptions[rule]![name] !== undefined

/** Exceptions that no test has met: what they name is gone. */
export const unmet = () => Object.entries(exceptions)
  .flatMap(([rule, names]) => Object.keys(names).map(name => `${rule}: ${name}`))
  .filter(exception => !used.has(exception))
