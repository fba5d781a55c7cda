import type { LocalResponse } from '../server/http.ts'
import { field } from './fields.ts'
import { addressOf, formPage } from './form-page.ts'
import { html } from './html.ts'
import { inputTypes, signInName } from './sign-in-page.ts'
import type { Visit } from './visit.ts'

/** Who forgot the password. */
export function forgotPasswordPage(
  visit: Visit,
  { username, message }: { username: string; message?: string | undefined },
): LocalResponse {
  const { texts, pool } = visit
  const { title, lead, submit, back } = texts.forgotPassword
  const name = signInName(pool.settings)
  return formPage(visit, {
    title,
    lead,
    message,
    path: '/forgotPassword',
    fields: html`${field({
        name: 'username',
        label: texts.signInNames[name],
        type: inputTypes[name],
        value: username,
        autocomplete: 'username',
        autofocus: true,
      })} <button type="submit">${submit}</button>`,
    after: html`<p class="below"><a href="${addressOf(visit, '/login')}">${back}</a></p>`,
  })
}
