// Outcomes of a plan on the wire.
import { code, optional, resource, text } from '../../http/schema.js'
import { due, note, position, ref, ref_printed } from '../schema.js'

export const Outcome = resource('Outcome', 'What a priority is meant to bring about.', {
  priority: code('The priority it belongs to.'),
  ref,
  ref_printed,
  title: optional(text('The outcome as published.', 2000)),
  position,
  due,
  note
}, { code: '1a', priority: '1', ref: '1a', title: 'Good maternal health and healthy babies', position: 1 })
