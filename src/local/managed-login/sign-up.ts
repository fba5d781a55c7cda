import { signUp } from '../account/sign-up.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import { finish } from '../sign-in/finish.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { attributesFrom } from './attribute-field.ts'
import { confirmUserPage } from './confirm-user-page.ts'
import { checkRepeated } from './repeated-password.ts'
import { signedIn } from './signed-in.ts'
import { signInPage } from './sign-in-page.ts'
import { signUpPage } from './sign-up-page.ts'
import { hostedAttempt, openStep } from './steps.ts'
import { screen, type Visit } from './visit.ts'

/** Codes of a sign-up live a day; the browser that signed up is remembered as long, and then signed in by the code alone. */
const stepLifetimeSeconds = 86_400

/** `/signup`. */
export function signUpScreen(pool: UserPool): LocalHandler {
  return screen(pool, (visit, fields) => {
    const isOpen = !pool.settings.allowAdminCreateUserOnly
    if (!isOpen) return signInPage(visit, { username: visit.asked.loginHint })
    return fields
      ? answer(visit, fields)
      : signUpPage(visit, { username: visit.asked.loginHint, attributes: new Map() })
  })
}

async function answer(visit: Visit, fields: URLSearchParams): Promise<LocalResponse> {
  const { pool, asked, texts } = visit
  const username = (fields.get('username') ?? '').trim()
  const attributes = new Map(attributesFrom(fields))
  const password = fields.get('password') ?? ''
  try {
    checkRepeated(fields, 'password', texts)
    const { user, delivery } = await signUp(pool, { client: asked.client, username, password, attributes })
    const attempt = hostedAttempt(asked.client, user)
    if (user.status === 'CONFIRMED') {
      await finish(pool, attempt)
      return await signedIn(visit, user)
    }
    const step = openStep(visit, { attempt, pending: { name: 'CONFIRM_SIGN_UP' } }, stepLifetimeSeconds)
    return confirmUserPage(visit, { username, step, destination: delivery?.destination })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return signUpPage(visit, { username, attributes, message: error.message })
  }
}
