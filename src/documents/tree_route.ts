// GET of the tree, and its shape on the wire.
import { Type, type TProperties } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { snapshot } from '../db/connection.js'
import { reading } from '../http/context.js'
import { codeParam, operation } from '../http/operation.js'
import { recordRead } from '../http/reads.js'
import { named, resolve, text } from '../http/schema.js'
import { Action } from '../resources/actions/schema.js'
import { recordRaw } from '../resources/datapoints/raw_routes.js'
import { Datapoint } from '../resources/datapoints/schema.js'
import { Outcome } from '../resources/outcomes/schema.js'
import { PlanMeasure } from '../resources/plan_measures/schema.js'
import { Plan } from '../resources/plans/schema.js'
import { Priority } from '../resources/priorities/schema.js'
import { Target } from '../resources/targets/schema.js'
import { Update } from '../resources/updates/schema.js'
import { ScorecardLine } from './scorecard/schema.js'
import { readTree } from './tree.js'

const closed = { additionalProperties: false }

const TreeAction = named('TreeAction', Type.Object({
  ...Action.served.properties,
  measures: Type.Array(Type.Ref('TreeMeasure'), { description: 'Lines of which it is the home, where it is a key activity.' }),
  actions: Type.Array(Type.Ref('TreeAction'), { description: 'Its parts, in printed order.' })
}, { ...closed, description: 'An action with its parts.' }))

const { breakdown, direction, change_significant, rag, rag_reason } = resolve(ScorecardLine).properties as TProperties

const TreeJudgement = named('TreeJudgement', Type.Object({ breakdown, direction, change_significant, rag, rag_reason } as TProperties, {
  ...closed, description: 'How a line of the scorecard is judged: since the figure before, and by colour. The scorecard has the numbers.'
}))

const TreeMeasure = named('TreeMeasure', Type.Object({
  ...PlanMeasure.served.properties,
  title: text("Title as published, or the measure's.", 1000),
  latest: Type.Union([Datapoint, Type.Null()], { description: "Latest level figure of the whole in the line's area; null where there is none with a date." }),
  breakdowns: Type.Array(Datapoint, { description: 'Latest level figure of each breakdown.' }),
  undated: Type.Array(Datapoint, { description: 'Level figures without a date, "New indicator" and "tbc" among them.' }),
  target: Type.Union([Target.view, Type.Null()], { description: "This plan's target for the period of the latest figure, else the next that is due, else one without a date; null where there is none." }),
  further_targets: Type.Array(Target.view, { description: 'All other targets that the plan sets for the measure in this area.' }),
  judgements: Type.Array(TreeJudgement, { description: 'Its lines of the scorecard, judged: one for the whole, or one for each breakdown where there are only those, and one for each breakdown that has a target of its own; none where the line has no area.' }),
  updates: Type.Array(Update.view, { description: 'What partners report on it, in printed order.' }),
  actions: Type.Array(TreeAction, { description: 'Actions meant to move it.' })
}, { ...closed, description: 'A line of the plan with its figures.' }))

const TreeOutcome = named('TreeOutcome', Type.Object({
  ...Outcome.served.properties,
  measures: Type.Array(TreeMeasure, { description: 'Its lines, in printed order.' }),
  actions: Type.Array(TreeAction, { description: 'Actions that serve it.' })
}, { ...closed, description: 'An outcome with its lines.' }))

const Tree = named('Tree', Type.Object({
  plan: Plan.view,
  priorities: Type.Array(Type.Object({
    ...Priority.served.properties,
    outcomes: Type.Array(TreeOutcome, { description: 'Its outcomes, in printed order.' }),
    measures: Type.Array(TreeMeasure, { description: 'Lines that stand on the priority itself.' }),
    actions: Type.Array(TreeAction, { description: 'Actions that serve it; key activities with their lines.' })
  }, { ...closed, description: 'A priority with all that hangs under it.' }), { description: 'The priorities, in printed order.' }),
  actions: Type.Array(TreeAction, { description: 'Actions that serve nothing in particular.' })
}, { ...closed, description: 'The live plan, nested as a reader reads it. An action stands under each thing it serves.' }))

export function treeRoute (app: FastifyInstance): void {
  app.get('/v1/plans/:plan/tree', operation({
    id: 'getTree',
    tag: 'plans',
    summary: 'Get a plan as a tree',
    description: 'The live plan nested as a reader reads it: priorities, outcomes, lines with their latest figures and how these are judged, and actions.',
    role: 'public',
    params: { plan: codeParam('Code of the plan.', 'plan-a') },
    answers: { 200: { schema: Tree, description: 'The tree.' } },
    problems: ['not_found']
  }), async request => {
    const { tree, restricted } = await snapshot(reading(request), ctx => readTree(ctx, (request.params as { plan: string }).plan))
    if (restricted) await recordRead(request, 'restricted_updates')
    await recordRaw(request, request.params as { plan: string })
    return tree
  })
}
