// A page of HTML: text is escaped unless it was made here.
export class Html {
  constructor (readonly text: string) {}
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const shown = (value: unknown): string => value instanceof Html
  ? value.text
  : Array.isArray(value) ? value.map(shown).join('') : String(value ?? '').replace(/[&<>"']/g, one => entities[one]!)

export const html = (parts: TemplateStringsArray, ...values: unknown[]) =>
  new Html(parts.reduce((text, part, i) => text + shown(values[i - 1]) + part))

export const page = (title: string, body: Html): string => html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Outturn</title>
<style>body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}code{font-size:.95em}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text
