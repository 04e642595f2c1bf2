// Red, amber, green by a stated rule: what councils print, as data. Pure; what cannot be judged is said to be so, never guessed.
export type Polarity = 'higher_is_better' | 'lower_is_better' | 'in_range'

export type Colour = 'red' | 'amber' | 'green'

/** A rule as it stands on a measure or a plan; which members each kind takes, ragForms says. */
export interface RagRule {
  kind: 'tolerance' | 'thresholds' | 'band' | 'floor' | 'previous' | 'profile'
  version: number
  polarity?: Polarity
  /** Whether a forecast or a projection is judged like an outturn. */
  forecasts?: boolean
  /** tolerance, profile: how far from the target is amber; thresholds: the last value that is amber. */
  amber?: number
  /** tolerance, profile: of the target, or in points of the measure's unit. */
  unit?: 'percent' | 'points'
  /** thresholds: the last value that is green. */
  green?: number
  green_lower?: number
  green_upper?: number
  amber_lower?: number
  amber_upper?: number
  floor?: number
  /** profile: per cent of the year's target by the end of each quarter. */
  shares?: number[]
}

type Member = Exclude<keyof RagRule, 'kind' | 'version' | 'polarity' | 'forecasts'>

/** What each kind needs, and what it may have besides. */
export const ragForms: Record<RagRule['kind'], { needed: Member[], allowed: Member[] }> = {
  tolerance: { needed: ['amber', 'unit'], allowed: [] },
  thresholds: { needed: ['green', 'amber'], allowed: [] },
  band: { needed: ['green_lower', 'green_upper', 'amber_lower', 'amber_upper'], allowed: [] },
  floor: { needed: [], allowed: ['floor'] },
  previous: { needed: [], allowed: [] },
  profile: { needed: ['amber', 'unit'], allowed: ['shares'] }
}

/** Without a rule a target that is met is green, and one that is missed is red. */
export const defaultRule: RagRule = { kind: 'tolerance', version: 1, amber: 0, unit: 'points' }

/** A target as numbers: the value passes from `lower` to `upper`, where null is no bound; `strict`, where the bound itself does not. */
export interface Goal { lower: number | null, upper: number | null, strict: boolean }

export const meets = (value: number, { lower, upper, strict }: Goal): boolean => strict
  ? (lower === null || value > lower) && (upper === null || value < upper)
  : (lower === null || value >= lower) && (upper === null || value <= upper)

/** The one bound to go by, where a goal is reduced to a number. */
export const boundOf = (goal: Goal | null | undefined): number | null => goal?.lower ?? goal?.upper ?? null

/** The bound that the value is on the wrong side of; null where it meets the goal. */
export const boundMissed = (value: number, goal: Goal): number | null => meets(value, goal)
  ? null
  : goal.lower !== null && value <= goal.lower ? goal.lower : goal.upper

/** What the rules look at. `met` is there where a target is judged that is no number, such as a direction. */
export interface Inputs {
  value: number
  polarity: Polarity
  goal: Goal | null
  met: boolean | null
  /** The plan's floor, where the rule names none. */
  floor: number | null
  previous: number | null
}

/** What a colour lacks: a rule judges with what is there, or says which of these is not. */
export type Lacking = 'target' | 'floor' | 'previous'

/** `by` is the bound that decided, where a number did. */
export interface Coloured { colour: Colour, by: number | null }

export type Verdict = Coloured | { lacking: Lacking }

export function colourBy (rule: RagRule, inputs: Inputs): Verdict {
  switch (rule.kind) {
    case 'thresholds': return byThresholds(rule, inputs)
    case 'band': return byBand(rule, inputs)
    case 'floor': return byFloor(rule, inputs)
    case 'previous': return byPrevious(inputs)
    case 'tolerance':
    case 'profile': return byTolerance(rule, inputs)
  }
}

/** Not worse than the bound, where higher is better not below it. */
const reaches = (value: number, bound: number, polarity: Polarity) => polarity === 'lower_is_better' ? value <= bound : value >= bound

function byThresholds ({ green, amber }: RagRule, { value, polarity }: Inputs): Verdict {
  if (reaches(value, green!, polarity)) return { colour: 'green', by: green! }
  return { colour: reaches(value, amber!, polarity) ? 'amber' : 'red', by: amber! }
}

function byBand (rule: RagRule, { value }: Inputs): Verdict {
  const within = (lower: number, upper: number) => value >= lower && value <= upper
  const nearest = (lower: number, upper: number) => value < lower ? lower : upper
  if (within(rule.green_lower!, rule.green_upper!)) return { colour: 'green', by: null }
  if (within(rule.amber_lower!, rule.amber_upper!)) return { colour: 'amber', by: nearest(rule.green_lower!, rule.green_upper!) }
  return { colour: 'red', by: nearest(rule.amber_lower!, rule.amber_upper!) }
}

const isMet = ({ value, goal, met }: Inputs): boolean | null => goal === null ? met : meets(value, goal)

function byTolerance ({ amber, unit }: RagRule, inputs: Inputs): Verdict {
  const met = isMet(inputs)
  if (met === null) return { lacking: 'target' }
  const bound = inputs.goal === null ? null : boundMissed(inputs.value, inputs.goal)
  if (bound === null) return { colour: met ? 'green' : 'red', by: null }
  const allowed = unit === 'percent' ? Math.abs(bound) * amber! / 100 : amber!
  // What people type has few decimals; beyond the twelfth is only what binary fractions leave.
  const missed = Number(Math.abs(inputs.value - bound).toPrecision(12))
  return { colour: allowed > 0 && missed <= Number(allowed.toPrecision(12)) ? 'amber' : 'red', by: bound }
}

function byFloor (rule: RagRule, inputs: Inputs): Verdict {
  const met = isMet(inputs)
  if (met === null) return { lacking: 'target' }
  if (met) return { colour: 'green', by: null }
  const floor = rule.floor ?? inputs.floor
  if (floor === null) return { lacking: 'floor' }
  return { colour: reaches(inputs.value, floor, inputs.polarity) ? 'amber' : 'red', by: floor }
}

/** A target that is missed is amber as long as things get better. */
function byPrevious (inputs: Inputs): Verdict {
  const met = isMet(inputs)
  if (met === null) return { lacking: 'target' }
  if (met) return { colour: 'green', by: null }
  const { value, previous, polarity } = inputs
  if (previous === null || polarity === 'in_range') return { lacking: 'previous' }
  return { colour: value !== previous && reaches(value, previous, polarity) ? 'amber' : 'red', by: previous }
}

/** The goal of a quarter from that of the year, for figures that add up. */
export function sharedGoal ({ lower, upper, strict }: Goal, share: number): Goal {
  const part = (bound: number | null) => bound === null ? null : Number((bound * share / 100).toPrecision(12))
  return { lower: part(lower), upper: part(upper), strict }
}
