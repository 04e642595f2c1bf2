// Actions of a plan on the wire: what is to be done, by whom, by when.
import { code, enumOf, listOf, optional, resource, text, value, whole, withDefault } from '../../http/schema.js'
import { codes, due, involvements, markers, note, position, priorityLinks, ref } from '../schema.js'

export const actionKinds = ['action', 'key_activity', 'milestone', 'supported_initiative'] as const
export const actionStatuses = ['not_stated', 'planned', 'on_track', 'delayed', 'at_risk', 'achieved', 'stopped'] as const

const year = (which: string) => whole({ minimum: 1900, maximum: 2200, description: `${which} year of the strategy.` })

export const Action = resource('Action', 'Something the plan says will be done: an action, a key activity that groups actions, a milestone, or an initiative it supports.', {
  title: text('What will be done.', 2000),
  kind: withDefault(enumOf(actionKinds, 'What sort of entry it is.'), 'action'),
  ref,
  heading: optional(text('Heading it is printed under.', 500)),
  parent: optional(code('The action it is part of.')),
  position,
  status: withDefault(enumOf(actionStatuses, 'How far it is.'), 'not_stated'),
  due,
  priorities: priorityLinks(['primary', 'contributes'], 'Priorities it serves.'),
  outcomes: codes('Outcomes it serves.'),
  plan_measures: codes('Plan measures it is meant to move.'),
  organisations: involvements,
  strategies: listOf(value({
    title: text('Name of the strategy.', 500),
    from: year('First'),
    to: year('Last'),
    note: text('What is printed beside it.', 500)
  }, ['title'], 'A strategy it carries out.'), 'Strategies it carries out, in printed order.', 50),
  markers,
  note
}, { code: 'action-1', title: 'Assess panel-referred cases before and after intervention', ref: '1', status: 'planned', plan_measures: ['N16-1d-02'], due: { kind: 'by', label: 'by March 2018', latest: '2018-03-31' } })
