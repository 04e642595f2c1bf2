// Chance that can be had again: a test that rolls its dice says its seed, and with the seed comes the same run.

export interface Dice {
  /** A whole number from 0, below `sides`. */
  roll (sides: number): number
  /** True once in so many times. */
  once (times: number): boolean
  pick<T> (from: readonly T[]): T
  /** Some of them, in the order given; never none. */
  some<T> (from: readonly T[], most: number): T[]
}

/** Mulberry32: small, and even enough to test with. */
export function dice (seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const roll = (sides: number) => Math.floor(next() * sides)
  const pick = <T>(from: readonly T[]): T => from[roll(from.length)]!
  const some = <T>(from: readonly T[], most: number): T[] => {
    const wanted = 1 + roll(Math.min(most, from.length))
    const chosen = new Set<number>()
    while (chosen.size < wanted) chosen.add(roll(from.length))
    return [...chosen].sort((a, b) => a - b).map(index => from[index]!)
  }
  return { roll, once: times => roll(times) === 0, pick, some }
}

/** The seed that was asked for, or a new one. */
export const seedFrom = (asked: string | undefined): number => asked === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(asked)
