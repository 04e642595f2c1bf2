// On whose behalf something is read or written, and what each role includes.
export const roles = ['reader', 'contributor', 'editor', 'publisher', 'admin'] as const
export type Role = (typeof roles)[number]

export interface Actor {
  client: string | null
  organisation: string | null
  /** null: no key was sent. */
  role: Role | null
  key: string | null
  /** Position of its last change; absent where only the primary is to answer it. */
  wrote?: number
}

export const anonymous: Actor = { client: null, organisation: null, role: null, key: null, wrote: 0 }

/** The service itself, and its operator at the command line. */
export const operator: Actor = { client: 'operator', organisation: null, role: 'admin', key: null }

export const reaches = (actor: Actor, role: Role) =>
  actor.role !== null && roles.indexOf(actor.role) >= roles.indexOf(role)
