import { confirmSignUp } from '../account/confirm-sign-up.ts'
import { resendConfirmationCode } from '../account/resend-confirmation-code.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import { finish } from '../sign-in/finish.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { confirmUserPage } from './confirm-user-page.ts'
import { errorResponse } from './error-page.ts'
import { html } from './html.ts'
import { languageOf } from './languages/index.ts'
import { page } from './page.ts'
import { signedIn } from './signed-in.ts'
import { signInPage } from './sign-in-page.ts'
import { stepOf } from './steps.ts'
import { screen, type Visit } from './visit.ts'

/** `/confirmUser`: the form that follows a sign-up, and the links that Cognito sends by e-mail. */
export function confirmUser(pool: UserPool): LocalHandler {
  const form = screen(pool, (visit, fields) =>
    fields ? answer(visit, fields) : confirmUserPage(visit, { username: visit.asked.loginHint }),
  )
  return (request) =>
    request.method === 'GET' && request.url.searchParams.has('confirmation_code')
      ? followLink(pool, request)
      : form(request)
}

async function answer(visit: Visit, fields: URLSearchParams): Promise<LocalResponse> {
  const { pool, asked, texts } = visit
  const { client } = asked
  const [username, session] = [fields.get('username') ?? '', fields.get('step') ?? '']
  const found = stepOf(visit, session)
  // Only the browser that typed the password is signed in by the code.
  const step = found?.pending.name === 'CONFIRM_SIGN_UP' ? found : undefined
  const form = { username, step: step && session }
  try {
    if (fields.get('action') === 'resend') {
      const { destination } = await resendConfirmationCode(pool, { client, username })
      return confirmUserPage(visit, { ...form, destination, done: texts.confirm.resent })
    }
    const code = (fields.get('code') ?? '').trim()
    const user = await confirmSignUp(pool, { client, username, code })
    if (step?.attempt.user !== user) return signInPage(visit, { username, done: texts.confirm.done })
    pool.authSessions.delete(session)
    await finish(pool, step.attempt)
    return await signedIn(visit, user)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return confirmUserPage(visit, { ...form, message: error.message })
  }
}

/** `?client_id=&user_name=&confirmation_code=`. */
async function followLink(pool: UserPool, request: LocalRequest): Promise<LocalResponse> {
  const query = request.url.searchParams
  const client = pool.clients.get(query.get('client_id') ?? '')
  const [username, code] = [query.get('user_name') ?? '', query.get('confirmation_code') ?? '']
  if (!client) return errorResponse(request, 'invalid_request')
  try {
    await confirmSignUp(pool, { client, username, code })
  } catch (error) {
    if (error instanceof ServiceError) return errorResponse(request, 'invalid_code')
    throw error
  }
  const { texts, cookies } = languageOf(request)
  const body = html`<p class="done" role="status">${texts.confirm.done}</p>`
  return page(200, { texts, title: texts.confirm.title, body }, { cookies })
}
