import type { LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Pending } from '../user-pool/auth-sessions.ts'
import { newSecretCode, useTotp } from '../user-pool/totp.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { codeField, field } from './fields.ts'
import { formPage } from './form-page.ts'
import { Html, html } from './html.ts'
import { qrCodePath } from './qr-code.ts'
import type { Step } from './steps.ts'
import type { Visit } from './visit.ts'

type Setup = Extract<Pending, { name: 'MFA_SETUP' }>

/** The first factor of a user in a pool that demands one: an authenticator app, or else an e-mail address. */
export function mfaSetupPage(visit: Visit, step: Step, setup: Setup): LocalResponse {
  const { texts, pool } = visit
  const { setUp } = texts.mfa
  const hasApp = setup.mfas.includes('SOFTWARE_TOKEN_MFA')
  const stepField = html`<input type="hidden" name="step" value="${step.session}" />`
  const emailField = field({
    name: 'email',
    label: texts.signInNames.email,
    type: 'email',
    autocomplete: 'email',
  })
  return formPage(visit, {
    title: hasApp ? setUp.title : texts.mfa.title,
    lead: hasApp ? setUp.scan : setUp.email,
    message: step.message,
    path: '/login',
    isStep: true,
    fields: html`${stepField} ${hasApp ? appFields(visit, secretOf(pool, step, setup), step) : emailField}
      <button type="submit">${texts.code6.submit}</button>`,
  })
}

function appFields({ texts, pool }: Visit, secretCode: string, { attempt }: Step): Html {
  const { setUp } = texts.mfa
  const name = attempt.user.attributes.get('email') ?? attempt.user.username
  const { size, path } = qrCodePath(keyUri(pool.userPoolId, name, secretCode))
  // Black on white in every colour scheme: readers look for that.
  const picture = new Html(
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" shape-rendering="crispEdges" d="${path}"/>`,
  )
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${setUp.picture}">
      ${picture}
    </svg>
    <p>${setUp.cannotScan} <code class="key">${secretCode.replace(/.{4}(?=.)/g, '$& ')}</code></p>
    <p>${setUp.enterCode}</p>
    ${codeField(texts.code6.label, { autofocus: false })}
    ${field({ name: 'device_name', label: setUp.deviceName, required: false })}`
}

/** What authenticator apps read ("Key URI Format"). */
function keyUri(userPoolId: string, name: string, secretCode: string): string {
  const issuer = `Local Cognito ${userPoolId}`
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(name)}`
  return `otpauth://totp/${label}?secret=${secretCode}&issuer=${encodeURIComponent(issuer)}`
}

/** The secret stays the same while the page is shown again: a wrong code must not ask for another scan. */
function secretOf(pool: UserPool, { session, attempt }: Step, setup: Setup): string {
  if (setup.softwareToken) return setup.softwareToken.secretCode
  const softwareToken = { secretCode: newSecretCode(), friendlyDeviceName: undefined, usedStep: 0 }
  // As long as a challenge of this client may take, from now on: an app has to be found and opened.
  const pending = { ...setup, softwareToken }
  pool.authSessions.set(session, { attempt, pending }, attempt.client.authSessionValiditySeconds)
  return softwareToken.secretCode
}

/** Takes the first code of the app. An e-mail address is left to the rules of the API. */
export function verifySetup(
  pool: UserPool,
  { session, attempt }: Step,
  setup: Setup,
  fields: URLSearchParams,
): void {
  const code = fields.get('code')
  if (code === null || !setup.softwareToken) return
  const softwareToken = {
    ...setup.softwareToken,
    friendlyDeviceName: (fields.get('device_name') ?? '').trim().slice(0, 256) || undefined,
  }
  if (useTotp(softwareToken, code.replace(/\s/g, ''), pool.clock.now()) !== 'right') {
    throw new ServiceError('CodeMismatchException', 'Invalid verification code provided, please try again.')
  }
  const pending = { ...setup, softwareToken, verified: true }
  pool.authSessions.set(session, { attempt, pending }, attempt.client.authSessionValiditySeconds)
}
