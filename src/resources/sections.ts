// The sections of a plan, in the order of a bundle: routes, bundle and journal loop over this one array, so a new
// section is a folder and a line here.
import type { Kind } from '../db/kind.js'
import { actions } from './actions/kind.js'
import { outcomes } from './outcomes/kind.js'
import { plan_measures } from './plan_measures/kind.js'
import { priorities } from './priorities/kind.js'

export const sections: Kind[] = [priorities, outcomes, actions, plan_measures]
