// A breakdown as a map and as the canonical text "sex=female;subject=reading": sorted by dimension, one form for one
// breakdown wherever it is written.
export const breakdownText = (breakdown: Record<string, string>): string => Object.keys(breakdown)
  .sort().map(dimension => `${dimension}=${breakdown[dimension]!}`).join(';')

export const breakdownOf = (text: string): Record<string, string> =>
  text === '' ? {} : Object.fromEntries(text.split(';').map(pair => pair.split('=') as [string, string]))

const pair = '[a-z][a-z0-9_]{0,39}=[A-Za-z0-9][A-Za-z0-9._-]{0,79}'

export const breakdownPattern = `${pair}(?:;${pair})*`
