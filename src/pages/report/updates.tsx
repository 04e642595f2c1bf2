// What is said in words: updates, statements, who is involved, and what stands elsewhere.
import { Fragment } from 'preact'
import type { Also, Party, StatementView, UpdateEntry, UpdateLink, Updates, UpdateView } from '../../documents/report/report.js'
import { listed } from '../../documents/report/words.js'
import { H } from '../layout.js'
import { InlineWords, Words } from '../markdown.js'

export function partyText ({ title, role, label, inferred }: Party, withRole = true): string {
  const extra = [withRole ? role : '', label ?? '', inferred ? 'our reading' : ''].filter(part => part !== '')
  return extra.length === 0 ? title : `${title} (${extra.join(', ')})`
}

export const leadsText = (leads: Party[]) => leads.length === 0 ? 'no lead named' : leads.map(one => partyText(one, false)).join(', ')

/** What was left out of a table because nothing is said of it. */
export function Unsaid ({ of, what }: { of: string, what: string[] }) {
  const said = what.filter(one => one !== '')
  if (said.length === 0) return null
  return <p class='meta'>No {listed(said, 'or')} {said.length === 1 && said[0] === 'status' ? 'is' : 'are'} given for these {of}.</p>
}

/** Several of a kind stand under one label. */
export function Statements ({ statements }: { statements: StatementView[] }) {
  if (statements.length === 0) return null
  const kinds = [...new Set(statements.map(one => one.kind))]
  return (
    <ul>
      {kinds.map(kind => {
        const [first, ...others] = statements.filter(one => one.kind === kind)
        if (others.length === 0) return <li key={kind}><StatementText statement={first!} /></li>
        return <li key={kind}><span class='muted'>{kind}:</span><ul>{[first!, ...others].map(one => <li key={one.code}><StatementText statement={one} bare /></li>)}</ul></li>
      })}
    </ul>
  )
}

export function StatementText ({ statement, bare = false }: { statement: StatementView, bare?: boolean }) {
  const { kind, text, words, url, note } = statement
  // "Grant for smoking in pregnancy: £75,000", but "Lower than England: slightly".
  const [first, second] = (kind === 'Figure' || kind === 'Status summary') && words !== null && text !== null ? [text.replace(/[.\s]+$/, ''), words] : [words, text]
  return (
    <>
      {!bare && <span class='muted'>{kind}: </span>}
      {first !== null && <InlineWords text={first} />}{first !== null && second !== null ? ': ' : ''}{second !== null && <InlineWords text={second} />}
      {url !== null && <> {/^https?:\/\//i.test(url) ? <a href={url} rel='nofollow noopener'>{url}</a> : <span class='muted'>{url}</span>}</>}
      {note !== null && <p class='meta'>{note}</p>}
    </>
  )
}

export function UpdateParts ({ updates: { newest, older }, level }: { updates: Updates, level: number }) {
  const period = newest.find(one => one.period !== null)?.period
  return (
    <>
      {newest.length > 0 && <><H level={level}>{period == null ? 'Updates' : `Updates, ${period}`}</H><UpdateList updates={newest} /></>}
      {older.length > 0 && <details><summary>Older updates ({older.length})</summary><UpdateList updates={older} withPeriod /></details>}
    </>
  )
}

function UpdateList ({ updates, withPeriod = false }: { updates: UpdateEntry[], withPeriod?: boolean }) {
  return <ul class='updates'>{updates.map(one => <UpdateItem key={one.code} update={one} withPeriod={withPeriod} />)}</ul>
}

export function UpdateItem ({ update, withPeriod = false }: { update: UpdateEntry, withPeriod?: boolean }) {
  if (!update.whole) return <li><Elsewhere update={update} withPeriod={withPeriod} /></li>
  return <li id={update.anchor}><UpdateText update={update} withPeriod={withPeriod} /></li>
}

/** An update that is told in full elsewhere. */
function Elsewhere ({ update: { anchor, words, period, where }, withPeriod }: { update: UpdateLink, withPeriod: boolean }) {
  const meta = [withPeriod ? period ?? 'no period' : '', where === '' ? '' : `reported with ${where}`].filter(part => part !== '')
  return <p><a href={`#${anchor}`}>{words}</a>{meta.length > 0 && <span class='muted'> ({meta.join(', ')})</span>}</p>
}

function UpdateText ({ update, withPeriod }: { update: UpdateView, withPeriod: boolean }) {
  const { ref, heading, kind, text, parties, period, due, truncated, note, parts } = update
  const meta = [
    withPeriod ? period ?? 'no period' : '',
    kind === 'Progress' || kind === 'Minute item' ? '' : kind,
    parties.map(one => partyText(one, one.role !== 'partner')).join(', '),
    due === null ? '' : `due: ${due.label}`,
    truncated ? 'the source breaks off here' : ''
  ].filter(part => part !== '')
  return (
    <>
      {(heading !== null || ref !== null) && <p class='flag'>{[ref === null ? '' : `(${ref})`, heading ?? ''].join(' ').trim()}</p>}
      <Words text={text} />
      {meta.length > 0 && <p class='meta'>{meta.join(' · ')}</p>}
      <About update={update} />
      {note !== null && <p class='meta'>Note: {note}</p>}
      {parts.length > 0 && <UpdateList updates={parts} />}
    </>
  )
}

function About ({ update: { about, aboutMore } }: { update: UpdateView }) {
  if (about.length === 0) return null
  return (
    <p class='meta'>
      About {about.map((one, i) => <Fragment key={one.anchor}>{i === 0 ? '' : '; '}<a href={`#${one.anchor}`}>{one.text}</a></Fragment>)}
      {aboutMore > 0 && ` and ${aboutMore.toLocaleString('en-GB')} more`}
    </p>
  )
}

export function AlsoList ({ also, what }: { also: Also[], what: string }) {
  if (also.length === 0) return null
  return (
    <>
      <p>{what}:</p>
      <ul class='plain'>{also.map(one => <li key={one.anchor}><a href={`#${one.anchor}`}>{one.text}</a> <span class='muted'>({one.relation})</span></li>)}</ul>
    </>
  )
}
