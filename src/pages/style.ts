// The stylesheet of every page, as text because only TypeScript is compiled. Plain, calm, and made to be printed on A4.
export const style = `
:root { --ink: #0b0c0c; --muted: #505a5f; --line: #b1b4b6; --pale: #f3f5f7; --blue: #12436d; --link: #1a4f8b; --focus: #ffdd00; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.page { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 0 0 .5rem; font-weight: 700; text-wrap: pretty; overflow-wrap: break-word; }
h1 { font-size: clamp(1.75rem, 4vw, 2.5rem); max-width: 30ch; }
h2 { font-size: clamp(1.375rem, 3vw, 1.75rem); margin-top: 3.5rem; padding-top: 1rem; border-top: 4px solid var(--blue); max-width: none; }
h3 { font-size: 1.25rem; margin-top: 2.25rem; }
h4 { font-size: 1.0625rem; }
h5, h6 { font-size: 1rem; }
h6 { color: var(--muted); }
p, ul, ol, dl { margin: 0 0 .75rem; }
p, li, dd, .words { max-width: 46rem; overflow-wrap: break-word; }
ul, ol { padding-left: 1.25rem; }
li { margin-bottom: .25rem; }
a { color: var(--link); text-underline-offset: .15em; overflow-wrap: anywhere; }
a:hover { color: var(--ink); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 0; box-shadow: 0 0 0 5px var(--ink); border-radius: 1px; }
abbr[title] { text-decoration: none; }
code { font-size: .95em; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999rem; padding: .75rem 1rem; background: #fff; }
.skip:focus { left: .5rem; top: .5rem; z-index: 1; }
.muted { color: var(--muted); }
.none { color: var(--muted); font-style: italic; }
.flag { font-weight: 700; }
.rag { font-weight: 700; white-space: nowrap; }
.rag.red { color: #942514; }
.rag.amber { color: #8a4b00; }
.rag.green { color: #005a30; }
.mark { vertical-align: -.125em; margin-right: .3em; }
.why { display: block; color: var(--muted); font-size: .9375rem; }
.small { font-size: .9375rem; }
.ref { font-variant-numeric: tabular-nums; }

.masthead { border-bottom: 1px solid var(--line); padding: 2rem 0 1.25rem; border-top: 10px solid var(--blue); }
.masthead .edition { font-size: 1.25rem; color: var(--muted); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .5rem 2rem; margin: 1.25rem 0; }
.facts dt { font-size: .9375rem; color: var(--muted); }
.facts dd { margin: 0; font-weight: 600; }
.as-at p:last-child { margin: 0; }
.as-at { margin: 0; padding: .5rem 0 .5rem .75rem; border-left: 4px solid var(--blue); }

.contents { margin-top: 2rem; margin-bottom: 2rem; }
.contents h2 { margin-top: 0; border: 0; padding: 0; font-size: 1.125rem; }
.contents ul { list-style: none; padding: 0; margin: 0; }
.contents > ul { columns: 2 26rem; column-gap: 3rem; }
.contents > ul > li { break-inside: avoid; margin-bottom: .5rem; }
.contents li a, .links a { display: inline-block; padding: .125rem 0; min-height: 1.5rem; }
.contents ul ul { padding-left: 1rem; }
.contents ul ul a { font-size: .9375rem; }

.counts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1rem 0 1.5rem; }
.counts div { border-top: 1px solid var(--line); padding: .5rem 0 0; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.counts dt { font-size: .9375rem; line-height: 1.3; color: var(--muted); }
.counts dd { margin: 0; font-size: 2rem; line-height: 1.15; font-weight: 700; font-variant-numeric: tabular-nums; }
.attention { margin-bottom: 1.75rem; }
.attention h3 { margin-top: 0; font-size: 1.0625rem; }
.attention ul, .plain { list-style: none; padding: 0; }
.attention li { display: grid; grid-template-columns: 4.5rem 1fr; max-width: none; margin-bottom: .375rem; }
.attention li a { padding: .0625rem 0; min-height: 1.5rem; }
.attention summary h3 { display: inline; }

.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.25rem; }
caption { text-align: left; font-weight: 700; padding: .25rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .625rem .75rem .625rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
thead th { border-bottom: 2px solid var(--ink); font-size: .9375rem; vertical-align: bottom; }
tbody th { font-weight: 400; }
td p:last-child, th p:last-child { margin-bottom: 0; }
caption.hidden { padding: 0; }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.lines { table-layout: fixed; }
.lines .c-ref { width: 3rem; }
.lines .c-latest { width: 12rem; }
.lines .c-target { width: 11rem; }
.lines .c-compare { width: 11.5rem; }
.lines .c-chart { width: 15rem; }
.lines td, .lines th { padding-right: 1rem; }
.lines td.num, .lines th.num { padding-right: 2rem; }
.lines td:last-child, .lines thead th:last-child { padding-right: 0; }
.lines .title { font-weight: 600; }
.lines tr:target, .line:target, .block:target { background: var(--pale); box-shadow: -.75rem 0 0 var(--pale), .75rem 0 0 var(--pale); }
.lines p, .lines ul { margin: 0; }
.lines .leads, .lines .muted { font-size: .9375rem; }
.value { font-size: 1.25rem; font-weight: 700; line-height: 1.25; display: block; }
.value.words-only { font-size: 1rem; }
.value .unit { font-size: .9375rem; font-weight: 400; }
.stack { list-style: none; padding: 0; }
.stack li { margin-bottom: .375rem; }
.figures { width: auto; min-width: min(100%, 36rem); font-size: .9375rem; }
.figures td, .figures th { padding: .375rem 1rem .375rem 0; }
.facts-table { font-size: .9375rem; }
.facts-table .c-ref { width: 3rem; }
.facts-table .c-due { width: 13rem; }
.facts-table .c-status { width: 8rem; }
.facts-table .c-lead { width: 18rem; }
.chart { display: block; max-width: 100%; height: auto; }
.chart text { font-family: inherit; }
figure { margin: 0 0 .5rem; }
figcaption { font-size: .9375rem; color: var(--muted); }

.line, .block { padding: 1.25rem 0 .5rem; border-top: 1px solid var(--line); }
.line > h3, .block > h3 { margin-top: 0; }
h2 + .line { border-top: 0; padding-top: .5rem; }
ul ul { margin: .25rem 0 0; }
main { padding-top: 1px; }
main > p:first-child { margin-top: 2rem; }
.block .facts dd { font-weight: 400; }
.whole-digest { font-size: .9375rem; color: var(--muted); overflow-wrap: anywhere; }
.block { border-top: 2px solid var(--ink); margin-top: 1.5rem; }
.details-of { margin: 1.5rem 0 2rem; }
.details-of > .line:first-child { border-top: 0; }
.sentence { margin-bottom: .75rem; }
.updates { list-style: none; padding: 0; margin: 0 0 1rem; }
.updates > li { padding-left: 1rem; border-left: 3px solid var(--line); margin-bottom: .75rem; }
.updates .words > :last-child { margin-bottom: 0; }
.updates p { margin-bottom: .125rem; }
.meta { color: var(--muted); font-size: .9375rem; }
.masthead .note { margin-top: 1rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.note { border-left: 3px solid var(--line); padding-left: 1rem; color: var(--muted); font-size: .9375rem; }
summary { cursor: pointer; color: var(--link); text-decoration: underline; text-underline-offset: .15em; padding: .125rem 0; min-height: 1.5rem; width: fit-content; }
summary:hover { color: var(--ink); }
details { margin: 0 0 .75rem; }
details[open] > summary { margin-bottom: .5rem; }
.overdue { font-weight: 700; }
.definitions dt { font-weight: 600; margin-top: .75rem; }
.definitions dd { margin: 0; }
.site-footer { margin-top: 4rem; padding: 1.5rem 0 3rem; border-top: 1px solid var(--line); background: var(--pale); }
.links { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
.above a { display: inline-block; padding: .125rem 0; min-height: 1.5rem; }
.guide { margin-top: 2rem; }
.prose h2 { margin-top: 2.75rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 1.5rem; }
.prose > div > :first-child { margin-top: 0; border-top: 0; padding-top: 0; }
.prose h3 { margin-top: 1.75rem; font-size: 1.1875rem; }
.prose pre { margin: 0 0 1rem; padding: .75rem 1rem; border-left: 4px solid var(--blue); background: var(--pale); white-space: pre-wrap; overflow-wrap: break-word; font-size: .9375rem; }
.prose code { overflow-wrap: break-word; }
.prose :not(pre) > code { padding: .0625em .25em; background: var(--pale); border-radius: 2px; }
.prose pre code { font-size: 1em; overflow-wrap: inherit; }
.prose table { font-size: .9375rem; margin-bottom: 0; }
.prose tbody th { min-width: 8rem; }
.prose .wide :is(td, th) { padding-right: .5rem; font-size: .875rem; }
.prose li > p { margin-bottom: .375rem; }
.pages li { margin-bottom: .375rem; }
.plans { list-style: none; padding: 0; }
.plans > li { border-top: 1px solid var(--line); padding: 1.25rem 0; max-width: none; }
.plans h3 { margin: 0 0 .25rem; }

@media screen and (min-width: 64rem) {
  .guide:has(> .contents) { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 3rem; }
  .guide > .contents { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; margin: 0; font-size: .9375rem; }
  .guide > .contents > ul { columns: auto; }
}

@media screen and (max-width: 48rem) {
  .page { padding: 0 1rem; }
  .stacking, .stacking tbody, .stacking tr, .stacking th[scope=row], .stacking caption:not(.hidden) { display: block; width: auto; }
  .stacking thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stacking tr { border-top: 2px solid var(--ink); padding: .625rem 0; }
  .stacking td, .stacking th[scope=row] { border: 0; padding: .1875rem 0; text-align: left; }
  .stacking td { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); width: auto; }
  .stacking [data-label]::before { content: attr(data-label); color: var(--muted); }
  .stacking .num { text-align: left; }
  .lines td, .lines th, .lines td.num { padding-right: 0; }
  .stacking td.empty { display: none; }
  .with-ref tr { display: grid; grid-template-columns: 2.75rem minmax(0, 1fr); }
  .with-ref td, .with-ref th[scope=row] { grid-column: 2; }
  .with-ref td.c-ref { display: block; grid-column: 1; grid-row: 1; padding-right: .25rem; font-weight: 600; }
  .prose .stacking th[scope=row] { font-weight: 600; }
  h2 { margin-top: 2.5rem; }
  .counts { grid-template-columns: repeat(2, 1fr); }
  .attention li { grid-template-columns: 3.5rem 1fr; }
}

@media print {
  @page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; } }
  html { font-size: 9.5pt; }
  body { line-height: 1.4; }
  .page { max-width: none; padding: 0; }
  .skip { display: none; }
  .masthead { padding-top: 0; border-top: 0; }
  h2 { margin-top: 1.5rem; }
  h1, h2, h3, h4, h5, h6, caption { break-after: avoid; break-inside: avoid; }
  thead { display: table-header-group; }
  tr, figure, .counts, .updates > li { break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
  a { color: inherit; text-decoration: none; }
  .scroll { overflow: visible; }
  .lines .c-latest { width: 9rem; }
  .lines .c-target { width: 9rem; }
  .lines .c-compare { width: 9rem; }
  .lines .c-chart { width: 11rem; }
  .lines td, .lines th { padding-right: .75rem; }
  .contents > ul { columns: 2; }
  details::details-content { content-visibility: visible; height: auto; display: block; }
  summary { color: inherit; text-decoration: none; font-weight: 600; list-style: none; }
  .guide > .contents, main:has(.guide) + .site-footer { display: none; }
  .guide { margin-top: 1rem; }
  .prose h2 { margin-top: 1rem; padding-top: .375rem; font-size: 1.25rem; }
  .prose :is(p, li) { max-width: none; }
  .prose :is(th, td) { padding-top: .1875rem; padding-bottom: .1875rem; font-size: .875rem; }
  .prose pre { break-inside: avoid; border: 1px solid var(--line); padding: .375rem .625rem; font-size: .8125rem; line-height: 1.3; margin-bottom: .75rem; }
  .site-footer { background: none; }
}
`
