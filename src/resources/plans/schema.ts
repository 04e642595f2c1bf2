// Plans on the wire: what a partnership has agreed to do and be judged by.
import { Type } from '@sinclair/typebox'
import { code, enumOf, listOf, optional, resource, text, withDefault } from '../../http/schema.js'
import { ragRule } from '../rag_rules/schema.js'
import { codes, involvements, note, visibility } from '../schema.js'

export const planStatuses = ['draft', 'in_progress', 'published', 'superseded', 'archived'] as const

export const Plan = resource('Plan', 'A partnership plan: priorities, outcomes, measures and actions for an area and a period.', {
  title: text('Title of the plan.', 500, { examples: ["Children and Young People's Plan 2016-2020"] }),
  owner: code('Organisation that owns the plan; its editors write it.'),
  area: optional(code('The area it is about.')),
  period: optional(text('Period code it covers, such as "FY2016..FY2019".', 80)),
  edition: optional(text('Which edition or refresh this is: "Improvement Plan 2016-17".', 200)),
  status: withDefault(enumOf(planStatuses, 'Where the plan stands.'), 'draft'),
  status_printed: listOf(text('Words.', 200), 'What the document calls itself, which may be several things at once ("draft", "live").', 10),
  live: withDefault(Type.Boolean({ description: 'True where partners keep the plan up to date.' }), false),
  predecessor: optional(code('The plan it follows; need not be held here.')),
  organisations: involvements,
  comparators: codes('Areas its figures are compared with, in order.'),
  supporting_measures: codes('Measures that are reported on in the plan but stand on none of its lines.'),
  rag_rule: ragRule('How figures are coloured whose measure has no rule; null: a target that is met is green, and one that is missed is red.'),
  visibility,
  note
}, { code: 'plan-a', title: "Children and Young People's Plan 2016-2020", owner: 'nottingham-childrens-partnership', area: 'E06000018', period: 'FY2016..FY2019', status: 'in_progress', live: true, visibility: 'public' })
