// Numbers of cells as a person would type them. Excel keeps 15 significant digits but stores binary, so 0.3 may stand as 0.30000000000000004.
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
// As a person would type it already, where it is short: most numbers of most sheets.
const plain = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/
const PLAIN = 16
const whole = /^-?\d+$/

/** Sizes that are written out; beyond them an exponent is easier to read. */
const WRITTEN_OUT = 20

/** The number that a cell stores, or null where it is none. */
export function numberOf (stored: string): number | null {
  const text = stored.trim()
  const value = number.test(text) ? Number(text) : NaN
  return Number.isFinite(value) ? value : null
}

/** Fifteen significant digits, the point moved right by `shift` in the digits, where it is exact. */
export function decimal (value: number, shift = 0): string {
  if (value === 0) return '0'
  const [mantissa, power] = Math.abs(value).toExponential(14).split('e') as [string, string]
  const digits = mantissa.replace('.', '').replace(/0+$/, '')
  const before = Number(power) + shift + 1
  const sign = value < 0 ? '-' : ''
  if (Math.abs(before) > WRITTEN_OUT) return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${before - 1}`
  if (before <= 0) return `${sign}0.${'0'.repeat(-before)}${digits}`
  if (digits.length <= before) return sign + digits.padEnd(before, '0')
  return `${sign}${digits.slice(0, before)}.${digits.slice(before)}`
}

/** The stored number as decimal text, or as it stands where it is none: the one who reads the row says so better. */
export function numberText (stored: string): string {
  if (stored.length <= PLAIN && plain.test(stored)) return stored
  const value = numberOf(stored)
  if (value === null) return stored
  // Whole numbers keep every digit: long ones are codes, and a changed code is worse than a refused one.
  const text = stored.trim()
  return whole.test(text) && value !== 0 ? text.replace(/^(-?)0+/, '$1') : decimal(value)
}
