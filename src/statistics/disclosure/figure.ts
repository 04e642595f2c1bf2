// What is published of one figure: all of it, a rounded form of it, or only that it is hidden. Contract, section 7; the
// rule of suppressing and rounding is NHS England's for small counts (HES, "Data quality and disclosure control").

/** Counts from `from` to `to` are hidden; with `base` all others are rounded to it. */
export interface Rule { from: number, to: number, base: number | null }

/** How the value of a level figure hangs together with its parts: percent 100, a rate its base, a ratio 1; null: it is a count or has no parts. */
export interface Nature { isCount: boolean, per: number | null, decimals: number | null }

/** A figure as it is stored; numbers as exact decimals. */
export interface Figure {
  value: string | null
  numerator: string | null
  denominator: string | null
  lower_95: string | null
  upper_95: string | null
  bound: string | null
  missing: string | null
  qualifiers: string
  rank_of: number | null
  printed: string | null
  note: string | null
}

const number = (text: string | null) => text === null ? null : Number(text)

/** The people that a figure counts; of a share without a numerator what its value and denominator make; null: not known. */
export function countOf ({ value, numerator, denominator }: Figure, { isCount, per }: Nature): number | null {
  if (isCount) return number(value) ?? number(numerator)
  if (numerator !== null) return Number(numerator)
  if (value === null || denominator === null || per === null) return null
  return Math.round(Number(value) * Number(denominator) / per)
}

export const isSmall = ({ from, to }: Rule, count: number | null): boolean => count !== null && count >= from && count <= to

/** Whether a figure is hidden for what it says itself, or was so at its source. */
export function isSensitive (figure: Figure, nature: Nature, rule: Rule): boolean {
  if (figure.missing === 'suppressed') return true
  const counts = [countOf(figure, nature), number(figure.numerator), number(figure.denominator)]
  return counts.some(count => isSmall(rule, count))
}

export const hidden: Figure = {
  value: null,
  numerator: null,
  denominator: null,
  lower_95: null,
  upper_95: null,
  bound: null,
  missing: 'suppressed',
  qualifiers: '',
  rank_of: null,
  printed: null,
  note: null
}

const rounded = (text: string, base: number) => Math.floor(Number(text) / base + 0.5) * base

/** Each number rounded on its own, and a share worked out from its rounded parts; what tells more than these is left out. */
export function roundedFigure (figure: Figure, nature: Nature, base: number): Figure {
  const count = countOf(figure, nature)
  const plain = { ...figure, lower_95: null, upper_95: null, printed: null, note: null }
  if (nature.isCount) {
    return {
      ...plain,
      value: figure.value === null ? null : String(rounded(figure.value, base)),
      numerator: figure.numerator === null ? null : String(rounded(figure.numerator, base)),
      denominator: figure.denominator === null ? null : String(rounded(figure.denominator, base))
    }
  }
  if (count === null || figure.denominator === null) {
    const parts = figure.numerator !== null || figure.denominator !== null
    // Of a share with one part only, the other could be worked out from it and the exact value.
    return parts ? hidden : plain
  }
  const [numerator, denominator] = [rounded(String(count), base), rounded(figure.denominator, base)]
  if (denominator === 0) return hidden
  return {
    ...plain,
    value: figure.value === null || nature.per === null ? null : (nature.per * numerator / denominator).toFixed(nature.decimals ?? 1),
    numerator: figure.numerator === null ? null : String(numerator),
    denominator: String(denominator)
  }
}
