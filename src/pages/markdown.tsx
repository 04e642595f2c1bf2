// The little markdown of updates and statements: strong, emphasis, lists and links; all else is shown as written. The only
// place where markup is made from text, so the only one that must not trust it.
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt('zero', { html: false, linkify: false })
markdown.enable(['emphasis', 'list', 'link', 'newline', 'escape'])
markdown.validateLink = url => /^(?:https?:\/\/|mailto:)/i.test(url)
markdown.renderer.rules.link_open = (tokens, i, options, _, renderer) => {
  tokens[i]!.attrSet('rel', 'nofollow noopener')
  return renderer.renderToken(tokens, i, options)
}

export const markdownHtml = (text: string): string => markdown.render(text)

export function Words ({ text }: { text: string }) {
  return <div class='words' dangerouslySetInnerHTML={{ __html: markdownHtml(text) }} />
}

/** A text that goes on in its line; lists in it are shown as written. */
export function InlineWords ({ text }: { text: string }) {
  return <span dangerouslySetInnerHTML={{ __html: markdown.renderInline(text) }} />
}
