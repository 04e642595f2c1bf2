// What keeps the secret a secret: whatever the dice make of a body, what is the keeper's stays private and says its mark, and no other
// body says it. Only so is it a fault of the service when somebody else reads it.
import { hiddenCode, hiddenFrom, keeper, openPlan, restricted, restrictedUpdate, secret, type Actor } from './actors.js'
import { keyOf } from './held.js'

type Body = Record<string, unknown>

const isHidden = (code: unknown) => typeof code === 'string' && code.toLowerCase().startsWith(hiddenCode)

/** Members in words; codes, kinds and days stay as they are. */
const wordy = new Set(['title', 'text', 'note', 'definition', 'source', 'heading', 'rationale', 'printed', 'reason', 'period_label', 'edition', 'set_by', 'item', 'document', 'evidence', 'why'])

function marked (value: unknown, mark: string, name = ''): unknown {
  if (typeof value === 'string') return wordy.has(name) ? `${mark} ${value}`.slice(0, 120) : value
  if (Array.isArray(value)) return value.map(one => marked(one, mark, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one, mark, key)]))
}

const kept = { visibility: 'private' }

/** The body as the actor may send it to this address. Who may not know the mark does not send it either. */
export function guarded (path: string, body: Body, actor: Actor): Body {
  const key = keyOf(path)
  const unknown = hiddenFrom(actor)
  const saying = (value: unknown, mark: string) => (unknown.includes(mark) ? value : marked(value, mark)) as Body
  if (Array.isArray(body.datapoints) && body.plan === undefined) {
    return { ...body, datapoints: body.datapoints.map(row => isHidden((row as Body | null)?.measure) ? saying(row, secret) : row) }
  }
  if (key === openPlan) return { ...body, owner: 'council' }
  if (key === restrictedUpdate) return { ...saying(body, restricted), sensitivity: 'restricted', organisations: [] }
  const [, , collection, code] = key.split('/')
  if (!isHidden(code)) return body
  const whole = key.split('/').length === 4
  if (collection === 'plans') return { ...saying(body, secret), ...(whole && { ...kept, owner: keeper }) }
  if (collection === 'measures') return { ...saying(body, secret), ...(whole && { ...kept, steward: keeper }) }
  return body
}

/** What a damaged body could say is no longer known, so it goes nowhere near the secret. */
export const isNear = (path: string) => [hiddenCode, restrictedUpdate, openPlan].some(word => keyOf(path).includes(word))
