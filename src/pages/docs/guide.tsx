// A guide as a page: where it stands, what is on it, its text, and what else there is in its folder.
import { posix } from 'node:path'
import { wholePage } from '../layout.js'
import type { Guide } from './guides.js'
import type { Section } from './render.js'

/** `up` is the title of the guide above. */
export const renderGuide = (guide: Guide, up: string | undefined): string => wholePage(guide.title, (
  <div class='guide'>
    <Contents sections={guide.sections} />
    <div class='prose'>
      <div dangerouslySetInnerHTML={{ __html: guide.html }} />
      {guide.others.length > 0 && <ul class='pages'>{guide.others.map(({ address, title }) => <li key={address}><a href={address}>{title}</a></li>)}</ul>}
    </div>
  </div>
), up === undefined ? null : <nav class='above' aria-label='Above this page'><a href={posix.dirname(guide.address)}>{up}</a></nav>)

/** A list of one or two is no help. */
const few = 2

function Contents ({ sections }: { sections: Section[] }) {
  if (sections.length <= few) return null
  return (
    <nav class='contents' aria-labelledby='part:contents'>
      <h2 id='part:contents'>On this page</h2>
      <ul>{sections.map(({ id, text }) => <li key={id}><a href={`#${id}`}>{text}</a></li>)}</ul>
    </nav>
  )
}
