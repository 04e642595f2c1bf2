// Who asks: clients of every role and of three organisations, and nobody. What the keeper holds is private, and its words are told apart
// from all others by a mark; so are those of the restricted update of the council.
import { adminKey, type Started } from '../support/app.js'
import type { Role } from '../../src/db/actor.js'

export interface Actor { name: string, role: Role | null, organisation: string | null, headers: Record<string, string> }

/** Stands in every text of what is the keeper's, and nowhere else. */
export const secret = 'zanzibar'
/** Stands in every text of the restricted update. */
export const restricted = 'mombasa'
/** Every code of the keeper begins so. */
export const hiddenCode = 'quagga'
export const keeper = 'keeper'
/** The plan with the restricted update stays the council's. */
export const openPlan = '/v1/plans/open'
export const restrictedUpdate = `${openPlan}/updates/hushed`

/** Words that must not come before the eyes of the actor. */
export const hiddenFrom = ({ role, organisation }: Actor): string[] =>
  role === 'admin' ? [] : [...(organisation === keeper ? [] : [secret]), ...(organisation === 'council' ? [] : [restricted])]

const roles: Role[] = ['reader', 'contributor', 'editor', 'publisher']

export async function actorsOf ({ client }: Started): Promise<{ all: Actor[], anonymous: Actor, admin: Actor, often: Actor[] }> {
  const anonymous: Actor = { name: 'anonymous', role: null, organisation: null, headers: {} }
  const admin: Actor = { name: 'admin', role: 'admin', organisation: null, headers: { authorization: `Bearer ${adminKey}` } }
  const all = [anonymous, admin]
  for (const organisation of ['council', 'elsewhere', keeper]) {
    for (const role of roles) {
      const { key } = await client(role, organisation)
      all.push({ name: `${role} of ${organisation}`, role, organisation, headers: { authorization: `Bearer ${key!}` } })
    }
  }
  const writers = all.filter(({ role }) => role === 'publisher')
  return { all, anonymous, admin, often: [...all, ...Array<Actor>(12).fill(admin), ...writers, ...writers] }
}
