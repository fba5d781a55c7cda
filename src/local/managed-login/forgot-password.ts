import { forgotPassword } from '../account/forgot-password.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { forgotPasswordPage } from './forgot-password-page.ts'
import { resetPasswordPage } from './reset-password-page.ts'
import { openReset } from './steps.ts'
import { screen, type Visit } from './visit.ts'

/** `/forgotPassword`: who it is, and where to the code goes. */
export function forgotPasswordScreen(pool: UserPool): LocalHandler {
  return screen(pool, (visit, fields) =>
    fields ? answer(visit, fields) : forgotPasswordPage(visit, { username: visit.asked.loginHint }),
  )
}

async function answer(visit: Visit, fields: URLSearchParams): Promise<LocalResponse> {
  const { pool, asked } = visit
  const username = (fields.get('username') ?? '').trim()
  try {
    const { destination } = await forgotPassword(pool, { client: asked.client, username })
    return resetPasswordPage(visit, { username, step: openReset(visit, username), destination })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return forgotPasswordPage(visit, { username, message: error.message })
  }
}
