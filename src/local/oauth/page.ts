import { createHash } from 'node:crypto'
import type { LocalResponse } from '../server/http.ts'

const style = `
:root { color-scheme: light dark; --page: #eef1f6; --card: #fff; --text: #1b2430; --soft: #5a6675; --line: #d3dae3; --field: #7d8897;
  --accent: #1f5fbf; --accent-text: #fff; --bad: #a3161f; --bad-page: #fdeeee; --note: #fff6df; --note-text: #6a4b00 }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1c222b; --text: #e8ecf2; --soft: #a4afbd;
  --line: #333d4a; --field: #7f8b9b; --accent: #6ea8ff; --accent-text: #0c1420; --bad: #ff9a9a; --bad-page: #3a1d20; --note: #33290f;
  --note-text: #f2d48a } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
main { width: 100%; max-width: 25rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; box-shadow: 0 12px 32px rgb(15 30 60 / 9%) }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em }
p { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere }
label { display: block; margin: 1rem 0 .35rem; font-weight: 600; font-size: .925rem }
input { width: 100%; padding: .65rem .75rem; border: 1px solid var(--field); border-radius: 8px; background: var(--card);
  color: inherit; font: inherit }
button { width: 100%; margin-top: 1.5rem; padding: .7rem; border: 0; border-radius: 8px; background: var(--accent);
  color: var(--accent-text); font: inherit; font-weight: 600; cursor: pointer }
button:hover { filter: brightness(1.08) }
input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.error { margin: 1rem 0; padding: .65rem .8rem; border-radius: 8px; border-left: 4px solid var(--bad);
  background: var(--bad-page); color: var(--bad) }
.hint { margin: .35rem 0 0; font-size: .85rem }
.note { margin: 1.75rem 0 0; padding: .6rem .8rem; border-radius: 8px; background: var(--note); color: var(--note-text);
  font-size: .85rem }
a { color: var(--accent) }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, monospace }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** HTML that is safe to place in a page. Only {@link html} makes it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** One value, so that no formatter can put a space between the tags and break the hash. */
const styleElement = new Html(`<style>${style}</style>`)

/** A template tag that escapes every value that is not {@link Html} itself. */
export function html(parts: TemplateStringsArray, ...values: (string | Html)[]): Html {
  const escaped = values.map((value) => (value instanceof Html ? value.text : escape(value)))
  return new Html(parts.map((part, index) => part + (escaped[index] ?? '')).join(''))
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A page of the domain: no scripts, no frames, nothing loaded, kept by no cache. */
export function page(
  status: number,
  content: { title: string; body: Html },
  options: { formAction?: string; cookies?: string[] } = {},
): LocalResponse {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${content.title}</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <h1>${content.title}</h1>
          ${content.body}
          <p class="note">
            This is a local Cognito for development. It is not Amazon, and its users are not real.
          </p>
        </main>
      </body>
    </html> `
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'",
        `style-src 'sha256-${styleHash}'`,
        `form-action ${options.formAction ?? "'none'"}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      ...(options.cookies ? { 'set-cookie': options.cookies } : {}),
    },
    body: document.text,
  }
}
