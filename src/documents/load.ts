// Bundles from files into the database and back: what the sample plans and the command line use.
import { operator } from '../db/actor.js'
import { snapshot, type Db } from '../db/connection.js'
import type { WriteCtx } from '../db/write.js'
import type { Checker } from '../http/validation.js'
import { problem } from '../problems.js'
import { readBundle } from './bundle_read.js'
import type { BundleBody } from './bundle_schema.js'
import { putBundle, type BundleOutcome } from './bundle_write.js'

export type Loaded = BundleOutcome & { plan: string }

export async function loadBundle (ctx: WriteCtx, check: Checker, text: string, progress?: (section: string) => void): Promise<Loaded> {
  const bundle = parse(text)
  const faults = check('Bundle', bundle)
  if (faults.length > 0) throw problem('invalid_input', faults[0]!.detail, { errors: faults })
  const plan = bundle.plan.code
  const outcome = await putBundle(ctx, bundle, { dry_run: false, when: null, check: row => check('DatapointRow', row), ...(progress && { progress }) })
  return { ...outcome, plan }
}

function parse (text: string): BundleBody {
  try {
    return JSON.parse(text) as BundleBody
  } catch (error) {
    throw problem('invalid_input', `The file is not valid JSON: ${(error as Error).message}`)
  }
}

/** The canonical bundle, one member a line, so that two exports can be compared by eye. */
export async function exportBundle (db: Db, plan: string): Promise<string> {
  return `${JSON.stringify(await snapshot({ db, actor: operator }, ctx => readBundle(ctx, plan)), null, 2)}\n`
}
