import type { Router } from 'express'
import { SignInError, type SignInOptions } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { formPage } from '../../form-page.ts'
import type { Conversation } from './conversation.ts'
import { safeReturnTo } from './return-to.ts'

/** Name and password, or only the name where Cognito lets people choose how to prove themselves. */
export function signInPage(conversation: Conversation, config: Config): Router {
  const { origin, signInHint, signInFlow: flow, otherWays } = config
  return formPage({
    path: '/sign-in',
    view: 'own-sign-in/sign-in',
    title: 'Sign in',
    fields: ['username', 'password', 'remember', 'returnTo', 'way'],
    kept: ['username', 'remember', 'returnTo'],
    elsewhere: (req) =>
      req.cognito ? (safeReturnTo(req.query['returnTo'], origin) ?? '/account') : undefined,
    show: (req) => ({
      signInHint,
      otherWays,
      values: { username: req.session.username ?? '', returnTo: safeReturnTo(req.query['returnTo'], origin) },
    }),
    submit: async (req, { username, password, remember, returnTo, way }, res) => {
      const wishes = { remember: remember === 'on', returnTo: safeReturnTo(returnTo, origin) ?? '/account' }
      const options = (otherWays && withoutPassword(way, username)) || { username, password, flow }
      try {
        return await conversation.begin(req, res, options, wishes)
      } catch (error) {
        const elsewhere = error instanceof SignInError && unfinished[error.reason]
        if (!elsewhere) throw error
        Object.assign(req.session, { username, notice: error.publicMessage })
        return elsewhere
      }
    },
  })
}

/** Ways that begin with the name alone. Whoever has no passkey is asked for another one. */
function withoutPassword(way: string, username: string): SignInOptions | undefined {
  if (way === 'another') return { username, flow: 'USER_AUTH' }
  if (way === 'passkey') return { username, flow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' }
  return undefined
}

/** Accounts that need something else before anybody can sign in to them. */
const unfinished: Partial<Record<SignInError['reason'], string>> = {
  UserNotConfirmedException: '/sign-up/confirm',
  PasswordResetRequiredException: '/forgot-password',
}
