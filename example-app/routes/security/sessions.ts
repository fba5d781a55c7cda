import { Router } from 'express'
import {
  type CognitoUser,
  ConfigurationError,
  type IdentityPool,
  logout,
  type Tokens,
  type UserPool,
} from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { formAction } from '../../form-page.ts'
import { dateTime } from '../../readable.ts'

/** Where the user is signed in, the latest first; `undefined` where the user pool does not track sessions. */
export async function sessionsOf(userPool: UserPool, tokens: Tokens) {
  const sessions = await userPool.account.listSessions(tokens).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return undefined
    throw error
  })
  return sessions
    ?.sort((a, b) => Number(b.lastActiveAt ?? 0) - Number(a.lastActiveAt ?? 0))
    .map(({ sessionId, current, deviceType, ipAddress, createdAt, lastActiveAt }) => ({
      sessionId,
      current,
      what: deviceType ?? 'A sign-in',
      ipAddress,
      since: createdAt && dateTime(createdAt),
      active: lastActiveAt && dateTime(lastActiveAt),
    }))
}

/** Ends sign-ins: one on another machine, or all of them. */
export function sessionRoutes({ origin }: Config, userPool: UserPool, identityPool: IdentityPool): Router {
  const revoke = formAction({
    path: '/security/sessions',
    fields: ['sessionId'],
    submit: async (req, { sessionId }) => {
      await userPool.account.revokeSession((req.user as CognitoUser).tokens, sessionId)
      req.session.notice =
        'That sign-in has ended. What it has already fetched stays valid for an hour at most.'
      return '/security'
    },
  })
  const everywhere = Router().post(
    '/security/sign-out-everywhere',
    async (req, _res, next) => {
      await userPool.account.globalSignOut((req.user as CognitoUser).tokens)
      next()
    },
    logout({ userPool, identityPool, returnTo: `${origin}/` }),
  )
  return Router().use(revoke, everywhere)
}
