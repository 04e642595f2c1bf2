// A judgement as it is shown: colour word, mark and sentence. Each colour has a shape of its own, so that it can be told apart
// in print and by whoever does not see the colour.
import type { Colour, Judgement } from '../../documents/report/report.js'
import { capital } from '../../documents/report/words.js'

const fills = { red: '#942514', amber: '#8a4b00', green: '#005a30' }

/** A cross in a square, a bang in a triangle, a tick in a disc. */
const shapes = {
  red: <><path d='M1 1h14v14H1z' /><path d='M5 5l6 6M11 5l-6 6' stroke='#fff' stroke-width='2' /></>,
  amber: <><path d='M8 0.5L15.8 15H0.2z' /><path d='M8 5.5v4.5M8 11.5v2' stroke='#fff' stroke-width='1.75' /></>,
  green: <><circle cx='8' cy='8' r='7.5' /><path d='M4.5 8.2l2.5 2.6 4.5-5.2' stroke='#fff' stroke-width='2' fill='none' /></>
}

const Mark = ({ colour }: { colour: Colour }) => <svg class='mark' viewBox='0 0 16 16' width='14' height='14' fill={fills[colour]} aria-hidden='true'>{shapes[colour]}</svg>

/** The word alone, where the sentence stands elsewhere. */
export const ColourTag = ({ colour }: { colour: Colour }) => <span class={`rag ${colour}`}><Mark colour={colour} />{capital(colour)}</span>

/** The whole sentence, whose first word is the colour. */
export function JudgementText ({ judgement: { colour, text } }: { judgement: Judgement }) {
  return colour === null ? <>{text}</> : <><ColourTag colour={colour} />{text.slice(colour.length)}</>
}
