import type { LocalResponse } from '../server/http.ts'
import { html, type Html } from './html.ts'
import { translated } from './languages/index.ts'
import { page } from './page.ts'
import type { Visit } from './visit.ts'

interface FormPage {
  title: string
  /** Below the title. Default: where the sign-in leads to. */
  lead?: string | undefined
  /** What went wrong, in the service's words. */
  message?: string | undefined
  /** What went well. */
  done?: string | undefined
  /** The form, where there is one; it posts to `path`. */
  fields?: Html | undefined
  path: string
  /** Below the form. */
  after?: Html | undefined
  /** Whether the page can only be come by through a form, so that it has no other languages. */
  isStep?: boolean | undefined
}

/** A page with a form that answers with the query it came with, which is the authorization request. */
export function formPage(visit: Visit, content: FormPage): LocalResponse {
  const { texts, asked, csrf, cookies } = visit
  const { title, message, done, fields, after, lead = texts.continueTo(appName(visit)) } = content
  const here = addressOf(visit, content.path)
  const body = html`<p>${lead}</p>
    ${message === undefined ? undefined : html`<p class="error" role="alert">${translated(texts, message)}</p>`}
    ${done === undefined ? undefined : html`<p class="done" role="status">${done}</p>`}
    ${
      fields &&
      html`<form method="post" action="${here}">
        <input type="hidden" name="csrf" value="${csrf}" />
        ${fields}
      </form>`
    }
    ${after}`
  const shown = { texts, title, body, here: content.isStep ? undefined : here }
  return page(200, shown, { formAction: formAction(asked.redirectUri), cookies })
}

/** Address of another page of the same sign-in. */
export function addressOf({ pool, url }: Visit, path: string): string {
  return pool.domainPath + path + url.search
}

function appName({ asked }: Visit): string {
  const { host, protocol } = new URL(asked.redirectUri)
  return host || protocol
}

/** Chromium holds the redirect after a POST against `form-action` too, so the callback's origin must be in it. */
export function formAction(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri)
  return `'self' ${origin === 'null' ? protocol : origin}`
}
