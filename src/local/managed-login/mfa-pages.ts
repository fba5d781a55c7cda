import type { LocalResponse } from '../server/http.ts'
import { masked } from '../sign-in/delivery.ts'
import type { Mfa } from '../user-pool/mfa.ts'
import type { User } from '../user-pool/user.ts'
import { choice, codeField } from './fields.ts'
import { formPage } from './form-page.ts'
import { html } from './html.ts'
import type { Step } from './steps.ts'
import type { Visit } from './visit.ts'

/** A code: of an authenticator app, or one that was sent, as a second factor or instead of a password. */
export function mfaCodePage(visit: Visit, step: Step, mfa: Mfa | 'SMS_OTP'): LocalResponse {
  const { texts } = visit
  const { user } = step.attempt
  const destination = destinationOf(user, mfa)
  return formPage(visit, {
    title: texts.mfa.title,
    lead:
      destination === undefined
        ? texts.mfa.softwareToken(user.mfa.softwareToken?.friendlyDeviceName)
        : texts.code6.sentTo(destination),
    message: step.message,
    path: '/login',
    isStep: true,
    fields: html`<input type="hidden" name="step" value="${step.session}" />
      ${codeField(texts.code6.label)}
      <button type="submit">${texts.code6.submit}</button>`,
  })
}

/** Which factor. */
export function mfaChoicePage(visit: Visit, step: Step, mfas: readonly Mfa[]): LocalResponse {
  const { texts } = visit
  const choices = mfas.map((mfa, index) => {
    const about = destinationOf(step.attempt.user, mfa)
    const label = texts.mfa.factors[mfa]
    return choice({
      name: 'factor',
      value: mfa,
      label,
      ...(about === undefined ? {} : { about }),
      checked: index === 0,
    })
  })
  return formPage(visit, {
    title: texts.mfa.title,
    lead: texts.mfa.choose,
    message: step.message,
    path: '/login',
    isStep: true,
    fields: html`<input type="hidden" name="step" value="${step.session}" />
      <fieldset aria-label="${texts.mfa.choose}">${choices}</fieldset>
      <button type="submit">${texts.code6.submit}</button>`,
  })
}

/** Where codes of a factor go; undefined for authenticator apps. */
function destinationOf({ attributes }: User, mfa: Mfa | 'SMS_OTP'): string | undefined {
  if (mfa === 'SOFTWARE_TOKEN_MFA') return undefined
  return mfa === 'EMAIL_OTP'
    ? masked(attributes.get('email') ?? '', 'EMAIL')
    : masked(attributes.get('phone_number') ?? '', 'SMS')
}
