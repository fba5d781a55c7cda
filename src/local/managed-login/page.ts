import type { LocalResponse } from '../server/http.ts'
import { Html, html } from './html.ts'
import { languages } from './languages/index.ts'
import type { Texts } from './languages/texts.ts'
import { styleElement, styleSource } from './style.ts'

/** What a page says. */
export interface Content {
  texts: Texts
  title: string
  body: Html
  /** Whose page it is. Default: the local Cognito's. */
  brand?: string | undefined
  /** Path and query that show this page in another language, where it can be shown again. */
  here?: string | undefined
}

const lock = new Html(
  '<svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><path d="M10 1a5 5 0 0 0-5 5v2H4a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-7a2 2 0 0 0-2-2h-1V6a5 5 0 0 0-5-5Zm3 7H7V6a3 3 0 0 1 6 0v2Zm-2 6.7V16a1 1 0 0 1-2 0v-1.3a1.5 1.5 0 1 1 2 0Z"/></svg>',
)

/** A page of the domain: no scripts, no frames, nothing loaded, kept by no cache. */
export function page(
  status: number,
  content: Content,
  options: { formAction?: string; cookies?: string[] } = {},
): LocalResponse {
  const { texts, title, body, brand = 'Local Cognito', here } = content
  const document = html`<!doctype html>
    <html lang="${texts.code}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <header>${lock}<span>${brand}</span></header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>
          ${here === undefined ? undefined : languageLinks(texts, here)}
          <p>${texts.note}</p>
        </footer>
      </body>
    </html> `
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${styleSource}`,
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

function languageLinks(texts: Texts, here: string): Html {
  const [path = '', search = ''] = here.split('?', 2)
  const links = languages.map(({ code, name }) => {
    const query = new URLSearchParams(search)
    query.set('lang', code)
    const current = code === texts.code ? html` aria-current="true"` : undefined
    return html`<a href="${path}?${query.toString()}" lang="${code}" hreflang="${code}" ${current}
      >${name}</a
    >`
  })
  return html`<nav aria-label="${texts.languages}">${links}</nav>`
}
