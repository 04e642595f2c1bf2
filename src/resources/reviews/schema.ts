// Reviews of a plan on the wire: when progress was looked at, by whom. What was said there are updates.
import { code, date, enumOf, optional, resource, text } from '../../http/schema.js'
import { due, note, periodCode, position } from '../schema.js'

export const reviewKinds = ['six_month', 'annual', 'end_of_year', 'board_meeting'] as const

export const Review = resource('Review', 'An occasion on which progress of the plan is looked at, planned or held; its items are updates.', {
  kind: enumOf(reviewKinds, 'What sort of review it is.'),
  title: optional(text('Its title.', 500)),
  period: optional(periodCode('The period it looks at.')),
  due,
  held_on: optional(date('The day it was held.')),
  organisation: optional(code('The body that holds it.')),
  item: optional(text('Number of the item on its agenda.', 40)),
  document: optional(text('The report it had before it, in words.', 1000)),
  position,
  note
}, { code: 'review-1', kind: 'six_month', title: 'Six month review', period: 'FY2015', held_on: '2015-12-16', organisation: 'nottingham-childrens-partnership', item: '32' })
