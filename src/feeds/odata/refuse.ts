// What of a request cannot be done: wrong (400), or right by the standard but not offered here (501).
import { problem, type Problem } from '../../problems.js'

export const wrong = (target: string, detail: string, allowed?: readonly string[]): Problem =>
  problem('invalid_input', detail, { errors: [{ pointer: `?${target}`, code: 'wrong_form', detail, ...(allowed && { allowed }) }] })

export const unsupported = (target: string, detail: string): Problem =>
  problem('not_implemented', detail, { errors: [{ pointer: `?${target}`, code: 'not_implemented', detail }] })
