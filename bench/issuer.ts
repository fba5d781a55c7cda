import {
  startLocalCognito,
  type LocalCognito,
  type LocalUserPoolOptions,
} from 'passport-cognito-identity/local'

/** Where the tokens come from. Plain data: it is also passed to the process of the server. */
export interface Issuer {
  userPool: LocalUserPoolOptions
  jwksUri: string
  /** Cognito puts an API's address into `aud` when the app asks for it (resource binding); express-oauth2-jwt-bearer needs one. */
  audience: string
  /** The subject of every token. */
  sub: string
}

/** A local Cognito whose tokens say that they come from Amazon, because CognitoJwtVerifier and cognito-express take no others. */
export function startIssuer(): Promise<LocalCognito> {
  const userPoolId = 'eu-west-1_Bench0001'
  const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
  return startLocalCognito({ userPoolId, issuer, users: [{ username: 'ana', password: 'Passw0rd!' }] })
}

export async function describeIssuer({ userPool, issueToken }: LocalCognito): Promise<Issuer> {
  const [, payload = ''] = (await issueToken({ tokenUse: 'access' })).split('.')
  const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string }
  const jwksUri = `${userPool.endpoint}/${userPool.userPoolId}/.well-known/jwks.json`
  return { userPool, jwksUri, audience: 'https://api.example.com', sub }
}
