import { type Request, Router } from 'express'
import { type CognitoUser, getAuth, type IdTokenClaims, type UserPool } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { formAction, formPage, wordsFor } from '../../form-page.ts'
import { qrCode } from '../../qr-code.ts'
import { digits, wordsForCode } from '../own-sign-in/code.ts'
import { provePassword } from './prove-password.ts'

declare module 'express-session' {
  interface SessionData {
    /** An authenticator app that is being set up: its secret counts once Cognito has seen a code of it. */
    totp: { secret: string; url: string }
  }
}

/** An authenticator app, on and, for who knows the password, off. */
export function authenticatorRoutes(config: Config, userPool: UserPool): Router {
  const { account } = userPool
  const router = Router()
  // A button and not a link: Cognito makes a new secret each time.
  const start = formAction({
    path: '/security/authenticator/start',
    fields: [],
    submit: async (req) => {
      const { tokens } = req.user as CognitoUser
      req.session.totp = { ...(await account.setUpTotp(tokens, { username: usernameOf(req) })) }
      return '/security/authenticator'
    },
  })
  const verify = formPage({
    path: '/security/authenticator',
    view: 'security/authenticator',
    title: 'Set up an authenticator app',
    fields: ['code'],
    words: wordsForCode,
    elsewhere: (req) => (req.session.totp ? undefined : '/security'),
    show: async (req) => ({ totp: req.session.totp && (await qrCode(req.session.totp)) }),
    submit: async (req, { code }) => {
      if (!req.session.totp) return '/security'
      const { tokens } = req.user as CognitoUser
      await account.verifyTotp(tokens, { code: digits(code) })
      delete req.session.totp
      req.session.notice = 'From now on sign-in asks for a code of your authenticator app.'
      return '/security'
    },
  })
  const off = formPage({
    path: '/security/authenticator/off',
    view: 'security/authenticator-off',
    title: 'Turn the authenticator app off',
    fields: ['password'],
    words: (error) =>
      error.reason === 'NotAuthorizedException' ? 'Your password is wrong.' : wordsFor(error),
    submit: async (req, { password }) => {
      await provePassword(userPool, config, usernameOf(req), password)
      await account.turnOffTotp((req.user as CognitoUser).tokens)
      req.session.notice = 'Sign-in does not ask for a code of your authenticator app any more.'
      return '/security'
    },
  })
  return router.use(start, verify, off)
}

function usernameOf(req: Request): string {
  return String(getAuth<IdTokenClaims>(req).claims['cognito:username'])
}
