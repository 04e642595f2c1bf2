// What a rule for colours must say when it takes the place of another.
import { isDeepStrictEqual } from 'node:util'
import type { Fault } from '../../problems.js'
import type { RagRule } from '../../statistics/rag.js'

/** Judgements name the version of the rule that they were made by, so two rules of one version would be taken for each other. */
export function ragVersionFaults (before: Record<string, unknown>, item: Record<string, unknown>): Fault[] {
  const [former, rule] = [before.rag_rule, item.rag_rule] as Array<RagRule | null>
  if (former == null || rule == null || isDeepStrictEqual(former, rule) || rule.version > former.version) return []
  return [{ pointer: '/rag_rule/version', code: 'stale_version', detail: `The rule differs from the one that is held, which is version ${former.version}. Send version ${former.version + 1}.` }]
}
