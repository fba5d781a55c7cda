import {
  startLocalCognito,
  type LocalCognito,
  type LocalUserPoolOptions,
} from 'passport-cognito-identity/local'

/** The token that every contender is given, and where its keys are. Plain data: it is also passed to the server's process. */
export interface Subject {
  token: string
  sub: string
  userPool: LocalUserPoolOptions
  /** Cognito puts an API's address into `aud` when the app asks for it (resource binding); express-oauth2-jwt-bearer needs one. */
  audience: string
  jwksUri: string
}

/** A local Cognito whose tokens say that they come from Amazon, because CognitoJwtVerifier takes no others. */
export function startIssuer(): Promise<LocalCognito> {
  const userPoolId = 'eu-west-1_Bench0001'
  const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
  return startLocalCognito({ userPoolId, issuer, users: [{ username: 'ana', password: 'Passw0rd!' }] })
}

/** An access token of about 1.2 kB, RS256 with a 2048-bit key: a user with a few groups, an app with a few scopes. */
export async function issueSubject({ issueToken, userPool }: LocalCognito): Promise<Subject> {
  const audience = 'https://api.example.com'
  const scopes = ['read', 'write'].map((verb) => `${audience}/files.${verb}`)
  const claims = {
    aud: audience,
    'cognito:groups': ['editors', 'eu-west-1_Bench0001_Google'],
    scope: ['openid', 'email', 'profile', ...scopes].join(' '),
  }
  const token = await issueToken({ tokenUse: 'access', claims, expiresInSeconds: 3600 })
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const { sub } = JSON.parse(payload) as { sub: string }
  const jwksUri = `${userPool.endpoint}/${userPool.userPoolId}/.well-known/jwks.json`
  return { token, sub, userPool, audience, jwksUri }
}
