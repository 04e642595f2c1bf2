// Returns on the wire: a figure that an organisation owes for a period, and whether it has arrived.
import { Type, type Static } from '@sinclair/typebox'
import { code, date, enumOf, named, nullable, pageOf, text, whole } from '../../http/schema.js'

export const states = ['expected', 'received', 'overdue'] as const

const count = (description: string) => whole({ description })

export const fields = {
  organisation: code('The organisation that owes the figure.'),
  plan: code('The plan that asks for it.'),
  plan_measure: code('The line of that plan.'),
  measure: code('The measure.'),
  area: code("The area: the line's, else the plan's."),
  period: text('Code of the period; for a measure as at a day the day that ends it.', 120),
  period_start: date('First day of the period.'),
  period_end: date('Last day of the period.'),
  due_on: date("Last day on which the figure is in time: period_end and the measure's collection_lag_days, none where it has none."),
  state: enumOf(states, 'received: the figure is held; overdue: it is not, and due_on is before the day asked for; expected: it is not, and need not be yet.'),
  received_on: Type.Unsafe<string | null>(nullable(date('Day, in UTC, since which the figure is held; null: it is not.'))),
  late: Type.Unsafe<boolean | null>(nullable(Type.Boolean({ description: 'Whether received_on is after due_on; null where nothing was received.' })))
}

const Shape = Type.Object(fields, {
  additionalProperties: false,
  description: 'A figure that an organisation owes.',
  examples: [{
    organisation: 'nottingham-childrens-partnership',
    plan: 'plan-a',
    plan_measure: 'N16-1d-02',
    measure: 'smoking-at-delivery',
    area: 'E06000018',
    period: 'FY2016',
    period_start: '2016-04-01',
    period_end: '2017-03-31',
    due_on: '2017-06-30',
    state: 'received',
    received_on: '2017-06-30',
    late: false
  }]
})
export type Return = Static<typeof Shape>

export const ReturnPage = pageOf('ReturnPage', named('Return', Shape))

const Standings = Type.Object({
  organisation: code('The organisation.'),
  expected: count('Number of figures that are not due yet and not held.'),
  received: count('Number of figures that are held.'),
  overdue: count('Number of figures that are due and not held.'),
  due: count('Number of figures whose due_on is before the day asked for, held or not.'),
  on_time: count('How many of those that are due were received no later than due_on.'),
  on_time_rate: Type.Unsafe<number | null>(nullable(Type.Number({ minimum: 0, maximum: 100, description: 'on_time in percent of due, to one decimal; null where nothing is due.' })))
}, { additionalProperties: false, description: 'How an organisation stands with its returns. A figure that several lines ask for counts once.' })
export type Standing = Static<typeof Standings>

export const ReturnSummary = named('ReturnSummary', Type.Object({
  on: date('The day it is about.'),
  organisations: Type.Array(named('ReturnStanding', Standings), { description: 'One for each organisation that owes anything, by code.' })
}, {
  additionalProperties: false,
  description: 'How organisations stand with their returns on a day.',
  examples: [{
    on: '2017-07-01',
    organisations: [{ organisation: 'nottingham-childrens-partnership', expected: 0, received: 1, overdue: 3, due: 4, on_time: 0, on_time_rate: 0 }]
  }]
}))
