// Who may write what but figures (those: rights.ts): contract, section 7. Each kind says whose its items are; what belongs
// to a plan is that of the plan's owner. What is stored and what is to take its place must both be the writer's to write.
import { isDeepStrictEqual } from 'node:util'
import { problem, type Fault } from '../problems.js'
import { reaches, type Actor } from './actor.js'
import type { Ctx } from './connection.js'
import type { Kind, Right, Scope, Stored } from './kind.js'
import { permits } from './visibility.js'

type Item = Record<string, unknown>

/** Which item: the kind, what it belongs to, its code. */
export interface Place { kind: Kind, scope: Scope, code: string }

/** Editors write what their organisation owns or looks after. */
export const edits = (actor: Actor, organisation: unknown): boolean =>
  actor.role === 'admin' || (reaches(actor, 'editor') && actor.organisation !== null && actor.organisation === organisation)

/** Undefined where the caller may not know of the plan. */
export async function ownerOfPlan ({ db, actor }: Ctx, plan: Scope): Promise<string | undefined> {
  const row = await db.selectFrom('plans').select('owner').where('code', '=', plan ?? '')
    .where(permits(actor, 'visibility', 'owner')).executeTakeFirst()
  return row?.owner
}

/** What belongs to a plan is written by editors of its owner. */
export async function rightToPlan (ctx: Ctx, plan: Scope): Promise<Right> {
  const owner = await ownerOfPlan(ctx, plan)
  return edits(ctx.actor, owner) || { because: `Only editors of ${owner === undefined ? 'the organisation' : `'${owner}'`} that owns the plan '${plan}' may write this.` }
}

async function rightTo (ctx: Ctx, { kind, scope, code }: Place, item: Item, stored: boolean): Promise<Right> {
  const ofPlan = kind.owner === 'plan' ? await rightToPlan(ctx, scope) : undefined
  if (ofPlan === true) return true
  return await kind.right?.(ctx, scope, { ...item, code }, stored) ?? ofPlan ?? { because: 'Only administrators may write this.' }
}

/** The members in which they differ. */
const changed = ({ schema }: Kind, before: Item, item: Item) =>
  Object.keys(schema.fields).filter(name => !isDeepStrictEqual(before[name], item[name]))

/** Why the actor may not put the item in the place of what is stored, or take that away; undefined where it may. */
async function refusal (ctx: Ctx, place: Place, before: Stored | undefined, item: Item | undefined): Promise<string | undefined> {
  if (ctx.actor.role === 'admin') return undefined
  const right = before === undefined ? true : await rightTo(ctx, place, before, true)
  if (right !== true) {
    const { only, because } = right
    if (item === undefined || only === undefined) return because
    const others = changed(place.kind, before!, item).filter(name => !only.includes(name))
    return others.length === 0 ? undefined : `${because} The request changes ${others.join(', ')}.`
  }
  const wanted = item === undefined ? true : await rightTo(ctx, place, item, false)
  return wanted === true ? undefined : wanted.because
}

export async function requireRight (ctx: Ctx, place: Place, before: Stored | undefined, item?: Item): Promise<void> {
  const because = await refusal(ctx, place, before, item)
  if (because !== undefined) throw problem('forbidden', because)
}

/** As far as can be told before it is known what is to be written: some of it at least is the actor's to write. */
export async function requireSome (ctx: Ctx, place: Place, before: Stored): Promise<void> {
  const right = ctx.actor.role === 'admin' || await rightTo(ctx, place, before, true)
  if (right !== true && right.only === undefined) throw problem('forbidden', right.because)
}

interface Wanted { code: string, before: Stored | undefined, item: Item }

/** For many at once; all that belongs to a plan is the actor's or none of it. */
export async function requireRights (ctx: Ctx, kind: Kind, scope: Scope, items: Wanted[]): Promise<void> {
  if (ctx.actor.role === 'admin') return
  if (kind.owner !== null) {
    const right = await rightToPlan(ctx, scope)
    if (right !== true) throw problem('forbidden', right.because)
    return
  }
  const errors: Fault[] = []
  for (const { code, before, item } of items) {
    const because = await refusal(ctx, { kind, scope, code }, before, item)
    if (because !== undefined) errors.push({ pointer: '', code: 'not_permitted', detail: `The ${kind.noun} '${code}': ${because}` })
  }
  if (errors.length > 0) throw problem('forbidden', errors[0]!.detail, { errors: errors.slice(0, 100) })
}

/** The item with what its kind enters for those who do not own the plan. */
export async function completed (ctx: Ctx, kind: Kind, scope: Scope, item: Item): Promise<Item> {
  if (kind.complete === undefined || ctx.actor.role === 'admin' || await rightToPlan(ctx, scope) === true) return item
  return kind.complete(ctx.actor, item)
}
