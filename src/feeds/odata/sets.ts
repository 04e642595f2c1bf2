// The sets of the feed. A new one is a line here.
import { actions } from '../../resources/actions/kind.js'
import { areas } from '../../resources/areas/kind.js'
import { measures } from '../../resources/measures/kind.js'
import { organisations } from '../../resources/organisations/kind.js'
import { outcomes } from '../../resources/outcomes/kind.js'
import { plan_measures } from '../../resources/plan_measures/kind.js'
import { plans } from '../../resources/plans/kind.js'
import { priorities } from '../../resources/priorities/kind.js'
import { targets } from '../../resources/targets/kind.js'
import { updates } from '../../resources/updates/kind.js'
import type { EntitySet } from './model.js'
import { datapoints, series } from './sets/datapoints.js'
import { recordSet } from './sets/records.js'
import { scorecardLines } from './sets/scorecard_lines.js'

export const sets: EntitySet[] = [
  datapoints,
  series,
  recordSet('Measures', measures),
  recordSet('Areas', areas),
  recordSet('Organisations', organisations),
  recordSet('Plans', plans),
  recordSet('Priorities', priorities),
  recordSet('Outcomes', outcomes),
  recordSet('PlanMeasures', plan_measures),
  recordSet('Actions', actions),
  recordSet('Updates', updates),
  recordSet('Targets', targets),
  scorecardLines
]
