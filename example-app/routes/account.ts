import { Router } from 'express'
import {
  CognitoError,
  type CognitoUser,
  getAuth,
  type IdTokenClaims,
  requireAuth,
  type UserPool,
} from 'passport-cognito-identity'
import { dateTime, fromNow } from '../readable.ts'

/** Who is signed in, in the words of their verified ID token. */
export function accountRoutes(userPool: UserPool): Router {
  return Router().get('/account', requireAuth({ loginURL: '/login' }), async (req, res) => {
    const { claims, groups, credentials } = getAuth<IdTokenClaims>(req)
    const { tokens } = req.user as CognitoUser
    const access = await userPool.verify(tokens.accessToken, { tokenUse: 'access' })
    // A user whom the identity pool refuses is signed in all the same.
    const aws = await credentials().catch((error: unknown) => {
      if (error instanceof CognitoError) return { refused: error.publicMessage }
      throw error
    })
    const expiry = [
      { what: 'ID token', at: new Date(claims.exp * 1000) },
      { what: 'Access token', at: new Date(access.exp * 1000) },
      ...('expiration' in aws ? [{ what: 'AWS credentials', at: aws.expiration }] : []),
    ]
    res.render('account', {
      title: 'Your account',
      email: claims['email'],
      groups,
      claims: readable(claims),
      expiry: expiry.map(({ what, at }) => ({
        what,
        at: dateTime(at),
        left: fromNow(at),
        iso: at.toISOString(),
      })),
      renews: tokens.refreshToken !== undefined,
      identityId: 'identityId' in aws ? aws.identityId : undefined,
      refused: 'refused' in aws ? aws.refused : undefined,
    })
  })
}

const times = ['exp', 'iat', 'auth_time', 'nbf']
/** They bind the token to one request of the protocol and tell nothing about the user. */
const protocolClaims = ['nonce', 'at_hash', 'c_hash']

function readable(claims: IdTokenClaims): { name: string; value: string; note: string }[] {
  return Object.entries(claims)
    .filter(([name]) => !protocolClaims.includes(name))
    .map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      note: times.includes(name) ? dateTime(new Date(Number(value) * 1000)) : '',
    }))
}
