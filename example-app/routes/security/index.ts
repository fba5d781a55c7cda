import { type ErrorRequestHandler, Router } from 'express'
import {
  type CognitoUser,
  getAuth,
  type IdentityPool,
  requireAuth,
  SessionEndedError,
  type UserPool,
} from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { authenticatorRoutes } from './authenticator.ts'
import { changePasswordPage } from './change-password.ts'
import { deviceRoutes, devicesOf } from './devices.ts'
import { passkeyRoutes, passkeysOf } from './passkeys.ts'
import { sessionRoutes, sessionsOf } from './sessions.ts'

/** Tokens of the managed login do not have it unless the app asks for it, and asking for what a client may not have ends there. */
const scope = 'aws.cognito.signin.user.admin'

/** What people may change about their own account. */
export function securityRoutes(config: Config, userPool: UserPool, identityPool: IdentityPool): Router {
  const router = Router()
  router.use('/security', requireAuth({ loginURL: '/sign-in' }))
  router.get('/security', async (req, res) => {
    const notice = req.session.notice
    delete req.session.notice
    const title = 'Security'
    if (!getAuth(req).scopes.includes(scope)) return res.render('security/closed', { title, scope })
    const { tokens } = req.user as CognitoUser
    const [{ mfa }, passkeys, devices, sessions] = await Promise.all([
      userPool.account.profile(tokens),
      // A passkey is of no use where people cannot choose how to sign in.
      config.otherWays ? passkeysOf(userPool, tokens) : undefined,
      devicesOf(userPool, tokens),
      sessionsOf(userPool, tokens),
    ])
    const authenticator = mfa.enabled.includes('SOFTWARE_TOKEN_MFA')
    res.render('security/security', { title, notice, authenticator, passkeys, devices, sessions })
  })
  router.use(changePasswordPage(userPool), authenticatorRoutes(config, userPool))
  router.use(passkeyRoutes(userPool))
  router.use(deviceRoutes(userPool), sessionRoutes(config, userPool, identityPool))
  router.use('/security', signedOutElsewhere)
  return router
}

/** Somebody ended this sign-in from another machine. Pages notice when the tokens expire, Cognito's own operations at once. */
const signedOutElsewhere: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (!(error instanceof SessionEndedError)) return next(error)
  req.logout((failed?: unknown) => {
    if (failed !== undefined && failed !== null) return next(failed)
    req.session.notice = error.publicMessage
    res.redirect(303, '/sign-in')
  })
}
