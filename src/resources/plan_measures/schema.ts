// Plan measures on the wire: one printed line of a plan that lists a measure.
import { code, enumOf, listOf, optional, resource, text, value, withDefault } from '../../http/schema.js'
import { codes, involvements, joinables, linkRelations, markers, note, position, priorityLinks, ref, ref_printed } from '../schema.js'

export const PlanMeasure = resource('PlanMeasure', 'One printed line of a plan: a measure with the title, number, place and organisations it has there. Its home is exactly one of outcome, action (a key activity) or priorities.', {
  measure: code('The measure the line lists.'),
  outcome: optional(code('Home: an outcome of the plan.')),
  action: optional(code('Home: a key activity of the plan.')),
  priorities: priorityLinks(['primary', 'additional'], 'Home: priorities of the plan, one of them primary.'),
  title: optional(text("Title as published; null: the measure's.", 1000)),
  ref,
  ref_printed,
  position,
  area: optional(code("The area the line is about; null: the plan's.")),
  tier: optional(enumOf(['key', 'supplementary'], 'Rank among the measures of the plan.')),
  kind: withDefault(enumOf(['indicator', 'milestone', 'qualitative', 'directional'], 'How it is judged.'), 'indicator'),
  direction: optional(enumOf(['increase', 'decrease'], 'The direction the line asks for.')),
  organisations: involvements,
  supporting: codes('Further measures reported under this line.'),
  links: listOf(value({
    plan: code('The other plan; need not be held here.'),
    plan_measure: code('The line there.'),
    relation: enumOf(linkRelations, 'How this line relates to that one.'),
    joinable: enumOf(joinables, 'Whether the two series may be drawn as one.'),
    confidence: enumOf(['high', 'medium', 'low'], 'How sure the match is.'),
    note: text('Why.', 1000)
  }, ['plan', 'plan_measure', 'relation'], 'A line of another plan.'), 'Lines of other plans that this one continues or replaces.', 100),
  external_target: optional(text('Name of another plan that holds the target: "Nottingham Plan".', 200)),
  markers,
  note
}, { code: 'N16-1d-02', measure: 'smoking-at-delivery', outcome: '1a', ref: 'i', ref_printed: 'i)', position: 1, title: 'Percentage of women reporting smoking at time of delivery', organisations: [{ organisation: 'nottingham-city-ccg', role: 'lead' }] })
