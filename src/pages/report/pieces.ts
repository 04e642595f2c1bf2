// A long part of the page in pieces, so that other requests have their turn between them.
import { html } from '../layout.js'

/** Where the pieces of a frame go. No text of a plan can hold it: the database refuses it. */
export const slot = '\u0000'

/** The frame with the pieces in the places of its slots. */
export function * inFrame (frame: preact.JSX.Element, ...contents: Array<Iterable<string>>): Iterable<string> {
  const [start = '', ...rest] = html(frame).split(slot)
  yield start
  for (const [i, part] of rest.entries()) {
    yield * contents[i] ?? []
    yield part
  }
}

/** A piece an item. */
export function * each<T> (items: T[], of: (item: T) => preact.JSX.Element): Iterable<string> {
  for (const item of items) yield html(of(item))
}

export function * eachOf<T> (items: T[], of: (item: T) => Iterable<string>): Iterable<string> {
  for (const item of items) yield * of(item)
}

/** Very small pieces are put together, because each that is sent has its price. */
export function * gathered (pieces: Iterable<string>, least = 4096): Iterable<string> {
  let held = ''
  for (const piece of pieces) {
    held += piece
    if (held.length < least) continue
    yield held
    held = ''
  }
  if (held !== '') yield held
}
