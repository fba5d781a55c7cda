import { confirmForgotPassword } from '../account/forgot-password.ts'
import { redirect } from '../oauth/parameters.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { forgotPasswordPage } from './forgot-password-page.ts'
import { addressOf } from './form-page.ts'
import { checkRepeated } from './repeated-password.ts'
import { resetPasswordPage } from './reset-password-page.ts'
import { signInPage } from './sign-in-page.ts'
import { stepOf } from './steps.ts'
import { screen, type Visit } from './visit.ts'

/** `/confirmforgotPassword`: the form that follows `/forgotPassword`. */
export function confirmForgotPasswordScreen(pool: UserPool): LocalHandler {
  return screen(pool, (visit, fields) =>
    fields ? answer(visit, fields) : redirect(addressOf(visit, '/forgotPassword')),
  )
}

async function answer(visit: Visit, fields: URLSearchParams): Promise<LocalResponse> {
  const { pool, asked, texts } = visit
  const [username, step] = [fields.get('username') ?? '', fields.get('step') ?? '']
  if (stepOf(visit, step)?.pending.name !== 'CONFIRM_FORGOT_PASSWORD') {
    return forgotPasswordPage(visit, { username, message: texts.tookTooLong })
  }
  const [code, password] = [(fields.get('code') ?? '').trim(), fields.get('new_password') ?? '']
  try {
    checkRepeated(fields, 'new_password', texts)
    await confirmForgotPassword(pool, { client: asked.client, username, code, password })
    pool.authSessions.delete(step)
    return signInPage(visit, { username, done: texts.resetPassword.done })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return resetPasswordPage(visit, { username, step, message: error.message })
  }
}
