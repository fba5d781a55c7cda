import type { LocalResponse } from '../server/http.ts'
import { addressOf, formPage } from './form-page.ts'
import { html } from './html.ts'
import { usernameField } from './sign-in-page.ts'
import type { Visit } from './visit.ts'

/** Who forgot the password. */
export function forgotPasswordPage(
  visit: Visit,
  { username, message }: { username: string; message?: string | undefined },
): LocalResponse {
  const { texts } = visit
  const { title, lead, submit, back } = texts.forgotPassword
  return formPage(visit, {
    title,
    lead,
    message,
    path: '/forgotPassword',
    fields: html`${usernameField(visit, username)} <button type="submit">${submit}</button>`,
    after: html`<p class="below"><a href="${addressOf(visit, '/login')}">${back}</a></p>`,
  })
}
