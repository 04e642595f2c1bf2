// The sections of a plan, in the order of a bundle: routes, bundle and journal loop over this one array, so a new
// section is a folder and a line here.
import type { Ctx } from '../db/connection.js'
import type { Kind, Stored } from '../db/kind.js'
import { list } from '../db/records.js'
import { actions } from './actions/kind.js'
import { outcomes } from './outcomes/kind.js'
import { plan_measures } from './plan_measures/kind.js'
import { priorities } from './priorities/kind.js'
import { reviews } from './reviews/kind.js'
import { statements } from './statements/kind.js'
import { targets } from './targets/kind.js'
import { updates } from './updates/kind.js'

export const sections: Kind[] = [priorities, outcomes, actions, plan_measures, statements, reviews, updates, targets]

/** All items of a section that belong to the plan; targets belong to measures and name the plan. */
export const itemsOf = async (ctx: Ctx, kind: Kind, plan: string): Promise<Stored[]> => kind.owner === 'plan'
  ? (await list(ctx, kind, plan, { filters: {}, page: null })).items
  : (await list(ctx, kind, null, { filters: { plan }, page: null })).items
