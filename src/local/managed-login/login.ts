import * as model from '../cognito-idp/model.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import { hostedCode, offeredCodes } from '../sign-in/choice-flow.ts'
import { passwordFlow } from '../sign-in/password-flow.ts'
import { wrongPassword } from '../sign-in/refusal.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { confirmUserPage } from './confirm-user-page.ts'
import { resetPasswordPage } from './reset-password-page.ts'
import { signInPage } from './sign-in-page.ts'
import { signedIn } from './signed-in.ts'
import { answerStep, openReset, questionOf, stepPage } from './steps.ts'
import { screen, type Visit } from './visit.ts'

/** `/login`: the form, and every question that follows it. The rules are those of the API; this page asks and answers for a person. */
export function login(pool: UserPool): LocalHandler {
  return screen(pool, (visit, fields) => {
    if (!fields) return signInPage(visit, { username: visit.asked.loginHint })
    const session = fields.get('step')
    return session === null ? begin(visit, fields) : goOn(visit, session, fields)
  })
}

async function begin(visit: Visit, fields: URLSearchParams): Promise<LocalResponse> {
  const { pool, asked } = visit
  const username = (fields.get('username') ?? '').trim()
  // Nobody has a name that the API would not even look at.
  const problems: string[] = []
  model.username(username, 'username', problems)
  if (problems.length > 0) return signInPage(visit, { username, message: wrongPassword })
  const parameters = new Map([
    ['USERNAME', username],
    ['PASSWORD', fields.get('password') ?? ''],
  ])
  try {
    const request = { client: asked.client, parameters, clientMetadata: undefined, session: undefined }
    const way = offeredCodes(pool, asked.client).find((one) => one === fields.get('way'))
    const outcome = way ? hostedCode(pool, request, way) : passwordFlow('HOSTED')(pool, request)
    return await next(visit, await outcome)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return refused(visit, username, error)
  }
}

/** Some who cannot sign in yet only have to type a code first. */
function refused(visit: Visit, username: string, error: ServiceError): LocalResponse {
  if (error.type === 'UserNotConfirmedException')
    return confirmUserPage(visit, { username, message: error.message })
  if (error.type === 'PasswordResetRequiredException') {
    return resetPasswordPage(visit, { username, step: openReset(visit, username), message: error.message })
  }
  return signInPage(visit, { username, message: error.message })
}

async function goOn(visit: Visit, session: string, fields: URLSearchParams): Promise<LocalResponse> {
  const { texts, asked } = visit
  const step = questionOf(visit, session)
  if (!step) return signInPage(visit, { username: asked.loginHint, message: texts.tookTooLong })
  try {
    return await next(visit, await answerStep(visit, step, fields))
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    // Another session may have answered in the meantime, or an administrator may have changed the user.
    const again = error.type === 'NotAuthorizedException' ? undefined : questionOf(visit, session)
    if (!again) return signInPage(visit, { username: step.attempt.user.username, message: error.message })
    return stepPage(visit, { ...again, message: error.message })
  }
}

/** The page of the next question, or back to the app. */
function next(visit: Visit, outcome: object): LocalResponse | Promise<LocalResponse> {
  if ('signedIn' in outcome) return signedIn(visit, outcome.signedIn as User)
  const session = 'Session' in outcome ? String(outcome.Session) : ''
  const step = questionOf(visit, session)
  if (!step) throw new Error('a question without its session')
  return stepPage(visit, step)
}
