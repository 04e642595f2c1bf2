// Priorities of a plan on the wire.
import { optional, resource, text } from '../../http/schema.js'
import { note, position, ref } from '../schema.js'

export const Priority = resource('Priority', 'A priority of a plan.', {
  ref,
  title: optional(text('Title; null where the document prints none.', 1000)),
  position,
  rationale: optional(text('Why it is a priority.', 8000)),
  note
}, { code: '1', ref: '1', title: 'Promoting the health and wellbeing of babies, children and young people', position: 1 })
