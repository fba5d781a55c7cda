import { Router } from 'express'
import { type CognitoUser, getAuth, type IdTokenClaims, type UserPool } from 'passport-cognito-identity'
import { formAction, formPage } from '../../form-page.ts'
import { qrCode } from '../../qr-code.ts'
import { digits, wordsForCode } from '../own-sign-in/code.ts'

declare module 'express-session' {
  interface SessionData {
    /** An authenticator app that is being set up: its secret counts once Cognito has seen a code of it. */
    totp: { secret: string; url: string }
  }
}

/** An authenticator app, on and off. */
export function authenticatorRoutes({ account }: UserPool): Router {
  const router = Router()
  // A button and not a link: Cognito makes a new secret each time.
  const start = formAction({
    path: '/security/authenticator/start',
    fields: [],
    submit: async (req) => {
      const { tokens } = req.user as CognitoUser
      const username = String(getAuth<IdTokenClaims>(req).claims['cognito:username'])
      req.session.totp = { ...(await account.setUpTotp(tokens, { username })) }
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
  const off = formAction({
    path: '/security/authenticator/off',
    fields: [],
    submit: async (req) => {
      await account.turnOffTotp((req.user as CognitoUser).tokens)
      req.session.notice = 'Sign-in does not ask for a code of your authenticator app any more.'
      return '/security'
    },
  })
  return router.use(start, verify, off)
}
