// Figures, targets and comparators as a plan document shows them.
/** A figure as it is shown. value is the number where there is one; shown always says something. */
export interface Figure {
  measure: string
  area: string
  areaTitle: string
  period: string
  /** As printed: "this year". */
  periodLabel: string
  /** By name, whatever was printed: "2017/18"; null where it has no dates. */
  periodName: string | null
  /** The period inside a sentence: "in 2016/17", "as at 31 March 2018". */
  inPeriod: string
  start: string | null
  end: string | null
  /** "Reading", "" for the whole. */
  breakdown: string
  /** What sort of figure, where it is not the measure itself: "rank among Core Cities", "change from 2015/16"; else "". */
  statistic: string
  value: number | null
  /** With unit and bound: "17.2%", "over 72%", "136 of 137", "to be confirmed". */
  shown: string
  unit: string
  missing: string | null
  status: string
  /** provisional, forecast, estimated, projected: not yet the last word. */
  tentative: boolean
  marks: Mark[]
  /** What a reader must know, in words, except that the period was inferred. */
  qualifiers: string[]
  /** The period is our reading of what is printed. */
  inferred: boolean
  numerator: number | null
  denominator: number | null
  interval: string | null
  printed: string | null
  note: string | null
  source: string | null
}

export interface Mark { mark: string, meaning: string }

export interface Previous {
  figure: Figure
  /** "improved from", "worsened (not significantly) from"; "up from" without a polarity; "not comparable with", where a break lies between. */
  words: string
}

export interface Comparator {
  area: string
  title: string
  figure: Figure
  samePeriod: boolean
  /** "significantly worse than", "the same as"; "" where there is nothing to say but the figure. */
  words: string
}

/** What the scorecard says of a reading. */
export interface Judgement {
  /** null where it is not judged. */
  colour: Colour | null
  /** In a sentence, which begins with the colour: "Red: 12.8% in 2017/18 misses …", "Not judged: …". */
  text: string
  /** Whether that says more than figure and target do: there is something to judge, and something to judge it by. */
  telling: boolean
  /** "improved", "not comparable"; null where there is nothing to compare with. */
  direction: string | null
  significant: boolean | null
}

export type Colour = 'red' | 'amber' | 'green'

export interface Point extends Figure {
  start: string
  end: string
  breakBefore: boolean
}

/** A measure in an area for one breakdown (or the whole): its latest figure and what it is set against. */
export interface Reading {
  /** Canonical text of the breakdown, "" for the whole. */
  key: string
  /** The same in words. */
  breakdown: string
  latest: Figure | null
  previous: Previous | null
  comparators: Comparator[]
  targets: TargetView[]
  judgement: Judgement
  /** Dated level figures of the latest's kind of period, oldest first. */
  series: Point[]
  /** The same of comparators, for the chart and its table, in the plan's order. */
  comparatorSeries: Array<{ area: string, title: string, points: Point[] }>
}

export interface TargetView {
  code: string
  /** "at most 11.5% in 2017/18 (local)". */
  words: string
  /** The value to reach as a number, where the target is one level; for the chart. */
  value: number | null
  printed: string | null
  /** The result that the document prints: "not met". */
  printedResult: string | null
  /** Whether that result says in so many words that the target was not reached; null where nothing is printed. */
  reached: boolean | null
  /** By the figures, whatever is printed: "met", "not met"; null where that is not known. */
  result: string | null
  /** Why it is not known: "not known, for …"; null where the target or its figure shows that as it is. */
  unknown: string | null
  setBy: string | null
  note: string | null
}

/** Figures of a measure in an area, whole and broken down. */
export interface MeasureFigures extends Reading {
  measure: string
  title: string
  unit: string
  area: string | null
  areaTitle: string | null
  /** Why there is no dated figure, in words; null where there is one. */
  noFigure: string | null
  breakdowns: Reading[]
  undated: Figure[]
  /** Ranks, gaps and changes, and whatever else has no place of its own, newest first. */
  others: Figure[]
  /** Latest figures of areas inside the area and of members of comparator groups. */
  elsewhere: Figure[]
}
