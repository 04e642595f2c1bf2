// Which updates are only for those concerned: what is restricted, and the parts of such, which are never more open.
import { sql } from 'kysely'
import type { Ctx } from '../../db/connection.js'
import type { Kind, Scope } from '../../db/kind.js'

type Item = Record<string, unknown>

/** Of a whole plan as one reader sees it: what is a part stands beside what it is a part of. */
export const holdsRestricted = (updates: Item[] | undefined): boolean => updates?.some(({ sensitivity }) => sensitivity === 'restricted') ?? false

/** The same of the compact text of a bundle, where quotes inside a text are led by a backslash. */
export const tellsRestricted = (bundle: string): boolean => bundle.includes('"sensitivity":"restricted"')

async function among ({ db }: Ctx, plan: Scope, items: Item[]): Promise<boolean> {
  if (holdsRestricted(items)) return true
  const parents = [...new Set(items.map(({ parent }) => parent).filter(parent => typeof parent === 'string'))]
  if (parents.length === 0) return false
  const { rows: [row] } = await sql<{ restricted: boolean }>`
    with recursive above as (
      select code, parent, sensitivity from updates where plan = ${plan} and code = any(${parents})
      union select whole.code, whole.parent, whole.sensitivity from above join updates whole on whole.plan = ${plan} and whole.code = above.parent
    ) select exists (select from above where sensitivity = 'restricted') as restricted`.execute(db)
  return row!.restricted
}

export const recorded: NonNullable<Kind['recorded']> = { as: 'restricted_updates', among }
