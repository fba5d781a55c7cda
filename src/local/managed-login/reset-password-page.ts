import type { LocalResponse } from '../server/http.ts'
import { codeField, field } from './fields.ts'
import { addressOf, formPage } from './form-page.ts'
import { html } from './html.ts'
import { policyText } from './new-password-page.ts'
import type { Visit } from './visit.ts'

interface ResetPasswordPage {
  username: string
  step: string
  /** Where the code went, where that is known. */
  destination?: string | undefined
  message?: string | undefined
}

/** The code that was sent, and a new password. */
export function resetPasswordPage(visit: Visit, content: ResetPasswordPage): LocalResponse {
  const { texts, pool } = visit
  const { username, step, destination, message } = content
  const { label, repeat } = texts.newPassword
  return formPage(visit, {
    title: texts.resetPassword.title,
    lead: destination === undefined ? texts.confirm.lead : texts.code6.sentTo(destination),
    message,
    path: '/confirmforgotPassword',
    isStep: true,
    fields: html`<input
        type="text"
        name="username"
        value="${username}"
        autocomplete="username"
        readonly
        hidden
      />
      <input type="hidden" name="step" value="${step}" />
      ${codeField(texts.code6.label)}
      ${field({
        name: 'new_password',
        label,
        type: 'password',
        autocomplete: 'new-password',
        hint: policyText(texts, pool.settings.passwordPolicy),
      })}
      ${field({ name: 'confirm_password', label: repeat, type: 'password', autocomplete: 'new-password' })}
      <button type="submit">${texts.resetPassword.submit}</button>`,
    after: html`<p class="below">
      <a href="${addressOf(visit, '/login')}">${texts.forgotPassword.back}</a>
    </p>`,
  })
}
