// One plain form for what people type (case, blanks, dashes, full stops), and what a reader of spellings answers.

// The codes a spelling may stand for (two or more: it is ambiguous), a hint why it is refused, or null: not mine.
export type Reading = string[] | { hint: string } | null

// Without blanks around dashes and slashes: 'Oct – Dec 2016', 'Oct-Dec 2016' and 'OCT–DEC 2016' are one spelling.
export function plain (text: string): string {
  return text.normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/([a-z])\.(?!\.)/g, '$1 ')
    .replace(/[\s,]+/g, ' ')
    .replace(/ ?(\/|-|\.\.) ?/g, '$1')
    .trim()
}

export function spelt (source: string): RegExp {
  return new RegExp(`^(?:${source})$`)
}

// The dash in the middle parts 2014-08-01-2017-03-31 as it does Oct-Dec 2016.
export function fromAndTo (text: string): [string, string] {
  for (const word of [' to ', ' until ', ' and ', '..']) {
    const at = text.indexOf(word)
    if (at > 0) return [text.slice(0, at), text.slice(at + word.length)]
  }
  const parts = text.split('-')
  if (parts.length % 2 === 1) return ['', '']
  return [parts.slice(0, parts.length / 2).join('-'), parts.slice(parts.length / 2).join('-')]
}
