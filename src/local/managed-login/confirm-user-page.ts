import type { LocalResponse } from '../server/http.ts'
import { codeField } from './fields.ts'
import { addressOf, formPage } from './form-page.ts'
import { html } from './html.ts'
import type { Visit } from './visit.ts'

interface ConfirmUserPage {
  username: string
  /** Of the browser that signed up. */
  step?: string | undefined
  /** Where the code went, where that is known. */
  destination?: string | undefined
  message?: string | undefined
  done?: string | undefined
}

/** The code that confirms a sign-up. */
export function confirmUserPage(visit: Visit, content: ConfirmUserPage): LocalResponse {
  const { texts } = visit
  const { username, step, destination, message, done } = content
  return formPage(visit, {
    title: texts.confirm.title,
    lead: destination === undefined ? texts.confirm.lead : texts.code6.sentTo(destination),
    message,
    done,
    path: '/confirmUser',
    isStep: true,
    fields: html`<input
        type="text"
        name="username"
        value="${username}"
        autocomplete="username"
        readonly
        hidden
      />
      ${step === undefined ? undefined : html`<input type="hidden" name="step" value="${step}" />`}
      ${codeField(texts.code6.label)}
      <button type="submit">${texts.confirm.submit}</button>
      <button class="link" type="submit" name="action" value="resend" formnovalidate>
        ${texts.code6.resend}
      </button>`,
    after: html`<p class="below">
      <a href="${addressOf(visit, '/login')}">${texts.forgotPassword.back}</a>
    </p>`,
  })
}
