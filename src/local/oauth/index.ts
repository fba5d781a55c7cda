import { createFederation } from '../federation/index.ts'
import { pretendProviderPath } from '../federation/start.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { authorize } from './authorize.ts'
import { OAuthError } from './client-authentication.ts'
import { discovery } from './discovery.ts'
import { confirmForgotPasswordScreen } from '../managed-login/confirm-forgot-password.ts'
import { confirmUser } from '../managed-login/confirm-user.ts'
import { errorPage } from '../managed-login/error-page.ts'
import { jwks } from './jwks.ts'
import { forgotPasswordScreen } from '../managed-login/forgot-password.ts'
import { login } from '../managed-login/login.ts'
import { logout } from './logout.ts'
import { signUpScreen } from '../managed-login/sign-up.ts'
import { json } from './parameters.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'
import { userInfo } from './user-info.ts'

/** One path of the domain or of the issuer. */
export interface OAuthEndpoint {
  /** The name for counting and faults. */
  operation: string
  methods: readonly string[]
  handle: LocalHandler
}

/** Path → endpoint. */
export function oauthEndpoints(pool: UserPool): ReadonlyMap<string, OAuthEndpoint> {
  const federation = createFederation(pool)
  const issuer = `/${pool.userPoolId}/.well-known`
  const domain = pool.domainPath
  const endpoint = (operation: string, methods: string[], handle: LocalHandler): OAuthEndpoint => ({
    operation,
    methods,
    handle: allowing(methods, answeringErrors(handle)),
  })
  return new Map([
    [`${issuer}/openid-configuration`, endpoint('discovery', ['GET', 'HEAD'], discovery(pool))],
    [`${issuer}/jwks.json`, endpoint('jwks', ['GET', 'HEAD'], jwks(pool))],
    [`${domain}/oauth2/authorize`, endpoint('authorize', ['GET'], authorize(pool, federation))],
    [`${domain}/login`, endpoint('login', ['GET', 'POST'], login(pool))],
    [`${domain}/signup`, endpoint('signup', ['GET', 'POST'], signUpScreen(pool))],
    [`${domain}/confirmUser`, endpoint('confirmUser', ['GET', 'POST'], confirmUser(pool))],
    [`${domain}/forgotPassword`, endpoint('forgotPassword', ['GET', 'POST'], forgotPasswordScreen(pool))],
    [
      `${domain}/confirmforgotPassword`,
      endpoint('confirmforgotPassword', ['GET', 'POST'], confirmForgotPasswordScreen(pool)),
    ],
    [`${domain}/oauth2/idpresponse`, endpoint('idpresponse', ['GET'], federation.respond)],
    [domain + pretendProviderPath, endpoint('pretendProvider', ['GET', 'POST'], federation.pretendProvider)],
    [`${domain}/oauth2/token`, endpoint('token', ['POST'], token(pool))],
    [`${domain}/oauth2/userInfo`, endpoint('userInfo', ['GET', 'POST'], userInfo(pool))],
    [`${domain}/oauth2/revoke`, endpoint('revoke', ['POST'], revoke(pool))],
    [`${domain}/logout`, endpoint('logout', ['GET'], logout(pool))],
    [`${domain}/error`, endpoint('error', ['GET'], errorPage)],
  ])
}

function allowing(methods: string[], handle: LocalHandler): LocalHandler {
  return (request: LocalRequest): LocalResponse | Promise<LocalResponse> =>
    methods.includes(request.method)
      ? handle(request)
      : { status: 405, headers: { allow: methods.join(', ') }, body: 'Method Not Allowed' }
}

function answeringErrors(handle: LocalHandler): LocalHandler {
  return async (request) => {
    try {
      return await handle(request)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      const { error: code, description } = error
      return json(error.status, { error: code, error_description: description })
    }
  }
}
