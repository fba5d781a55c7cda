import type { LocalResponse } from '../server/http.ts'
import { missingAttributes } from '../user-pool/attributes.ts'
import type { PasswordPolicy } from '../user-pool/password.ts'
import { attributeField } from './attribute-field.ts'
import { field } from './fields.ts'
import { formPage } from './form-page.ts'
import { html } from './html.ts'
import type { PasswordClass, Texts } from './languages/texts.ts'
import type { Step } from './steps.ts'
import type { Visit } from './visit.ts'

/** The second step of a user with a temporary password: one of their own, and the attributes that are missing. */
export function newPasswordPage(visit: Visit, { session, attempt, message }: Step): LocalResponse {
  const { texts, pool } = visit
  const { user } = attempt
  const { title, lead, label, repeat, submit } = texts.newPassword
  const missing = missingAttributes(pool.settings.schema, user.attributes)
  return formPage(visit, {
    title,
    lead: lead(user.username),
    message,
    path: '/login',
    isStep: true,
    fields: html`<input
        type="text"
        name="username"
        value="${user.username}"
        autocomplete="username"
        readonly
        hidden
      />
      <input type="hidden" name="step" value="${session}" />
      ${field({
        name: 'new_password',
        label,
        type: 'password',
        autocomplete: 'new-password',
        hint: policyText(texts, pool.settings.passwordPolicy),
        autofocus: true,
      })}
      ${field({ name: 'confirm_password', label: repeat, type: 'password', autocomplete: 'new-password' })}
      ${missing.map((name) => attributeField(texts, name))}
      <button type="submit">${submit}</button>`,
  })
}

/** What the pool asks of a password. */
export function policyText(texts: Texts, policy: PasswordPolicy): string {
  const rules: [boolean, PasswordClass][] = [
    [policy.requireUppercase, 'uppercase'],
    [policy.requireLowercase, 'lowercase'],
    [policy.requireNumbers, 'numbers'],
    [policy.requireSymbols, 'symbols'],
  ]
  return texts.policy(
    policy.minimumLength,
    rules.flatMap(([isRequired, name]) => (isRequired ? [name] : [])),
  )
}
