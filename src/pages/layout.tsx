// The shell of every page: head, skip link, landmarks. Pages come in pieces, so that the first is on its way early.
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { styleAddress } from './assets.js'

export const html = (node: preact.JSX.Element): string => renderToString(node)

/** Doctype to the end of the header; what follows is the page's own until closePage. */
export function openPage (title: string, header: preact.JSX.Element): string {
  const head = (
    <head>
      <meta charset='utf-8' />
      <meta name='viewport' content='width=device-width, initial-scale=1' />
      <title>{`${title} – Outturn`}</title>
      <link rel='stylesheet' href={styleAddress} />
      <link rel='icon' href='data:,' />
    </head>
  )
  return `<!doctype html>\n<html lang="en-GB">${html(head)}<body>${html(<a class='skip' href='#part:main'>Skip to the main content</a>)}${html(header)}`
}

export const openMain = '<main class="page" id="part:main" tabindex="-1">'
export const closeMain = '</main>'

export const closePage = (footer: preact.JSX.Element): string => `${html(footer)}</body></html>\n`

export function Masthead ({ children }: { children: ComponentChildren }) {
  return <header class='masthead'><div class='page'>{children}</div></header>
}

export function Footer ({ children }: { children: ComponentChildren }) {
  return <footer class='site-footer'><div class='page'>{children}</div></footer>
}

/** A small page in one piece; above its title may stand the way up. */
export function wholePage (title: string, main: preact.JSX.Element, above: preact.JSX.Element | null = null): string {
  return [
    openPage(title, <Masthead>{above}<h1>{title}</h1></Masthead>),
    openMain, html(main), closeMain,
    closePage(<Footer><ul class='links'><li><a href='/'>Plans</a></li><li><a href='/docs'>Guides</a></li><li><a href='/docs/reference'>API reference</a></li></ul></Footer>)
  ].join('')
}

/** What a table is called: in sight only what the heading above it does not say already. */
export function Caption ({ shown, rest }: { shown?: string, rest: string }) {
  return shown === undefined ? <caption class='hidden'>{rest}</caption> : <caption>{shown}<span class='hidden'> {rest}</span></caption>
}

/** A heading of the level that its place asks for; 0 where a heading has no place, as in a table. */
export function H ({ level, id, children }: { level: number, id?: string, children: ComponentChildren }) {
  if (level === 0) return <p class='flag'>{children}</p>
  const Tag = `h${Math.min(level, 6)}` as 'h2'
  return <Tag id={id}>{children}</Tag>
}
