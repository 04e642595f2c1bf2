// The door of the room: what the rest of the service may know about periods. Due dates are next door, in due.ts.
export { periodKinds, comparePeriods, sameBounds, overlaps } from './kinds.js'
export type { Period, PeriodKind, YearKind, Timing, PeriodContext } from './kinds.js'
export { periodOf } from './code.js'
export { isDate, plusDays } from './calendar.js'
export { periodsWithin, regularFrequencies, startOfYear } from './within.js'
export type { RegularFrequency } from './within.js'
export { readPeriod } from './read.js'
export type { PeriodReading, PeriodProblem } from './read.js'
