// Updates of a plan on the wire: what partners report, in words, on measures, actions and outcomes.
import { Type } from '@sinclair/typebox'
import { code, enumOf, optional, resource, text, withDefault } from '../../http/schema.js'
import { codes, due, involvements, note, periodCode, position, ref } from '../schema.js'

export const updateKinds = ['progress', 'performance', 'context', 'commitment', 'case_study', 'minute_item'] as const
export const sensitivities = ['public', 'partners', 'restricted'] as const

export const Update = resource('Update', 'A report in words: on several plan measures, actions or outcomes at once if need be. Counted once wherever it is shown.', {
  text: text('What is reported. Plain text, with a little markdown: **strong**, *emphasis*, lists and links; anything else is shown as written. No names of officers, children or families.', 20_000),
  kind: withDefault(enumOf(updateKinds, 'What sort of report it is.'), 'progress'),
  organisations: involvements,
  priorities: codes('Priorities it reports on.'),
  outcomes: codes('Outcomes it reports on.'),
  plan_measures: codes('Plan measures it reports on.'),
  actions: codes('Actions it reports on.'),
  review: optional(code('The review it was made for.')),
  period: optional(periodCode('The period it reports on.')),
  heading: optional(text('Heading it is printed under.', 500)),
  ref,
  due,
  parent: optional(code('The update it is a part of.')),
  position,
  sensitivity: withDefault(enumOf(sensitivities, 'Who may read it: everyone who may see the plan; any client with a key; or only the owner of the plan, the organisations it names, and administrators. Parts of an update are never more open than the whole.'), 'partners'),
  truncated: withDefault(Type.Boolean({ description: 'True where the source breaks off.' }), false),
  note
}, { code: 'update-1', text: 'Smoking at delivery fell in the last quarter.', kind: 'performance', organisations: [{ organisation: 'nottingham-city-ccg', role: 'reporter' }], plan_measures: ['N16-1d-02'], period: 'FY2017', sensitivity: 'public' })
