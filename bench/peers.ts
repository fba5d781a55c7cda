import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import type { RequestHandler } from 'express'
import { expressjwt, type GetVerificationKey, type Request as ExpressJwtRequest } from 'express-jwt'
import { auth } from 'express-oauth2-jwt-bearer'
import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jwksRsa from 'jwks-rsa'
import passport from 'passport'
import { ExtractJwt, Strategy, type VerifiedCallback } from 'passport-jwt'
import type { Issuer } from './issuer.ts'
import { verifying } from './verifying.ts'

// Each peer as its README says, with the checks of issuer and audience that it offers. None but aws-jwt-verify and
// cognito-express looks at `token_use`, and none but aws-jwt-verify at the app client.

export function awsJwtVerify({ userPool, jwksUri }: Issuer): RequestHandler[] {
  const { userPoolId, clientId } = userPool
  // It reaches Amazon's hosts only: the same keys, from the local host.
  const fetcher = { fetch: async () => (await fetch(jwksUri)).arrayBuffer() }
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access' },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  )
  return verifying((token) => verifier.verify(token))
}

export function expressOauth2JwtBearer({ userPool, jwksUri, audience }: Issuer): RequestHandler[] {
  return [
    auth({ issuer: userPool.issuer, jwksUri, audience, tokenSigningAlg: 'RS256' }),
    (req, res) => void res.json({ sub: req.auth?.payload.sub }),
  ]
}

/** The settings in the examples of jwks-rsa. */
const jwksRsaOptions = ({ jwksUri }: Issuer) =>
  ({ cache: true, rateLimit: true, jwksRequestsPerMinute: 5, jwksUri }) as const

export function passportJwt(issuer: Issuer): RequestHandler[] {
  const { audience, userPool } = issuer
  const authenticator = new passport.Passport()
  authenticator.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: jwksRsa.passportJwtSecret(jwksRsaOptions(issuer)),
        issuer: userPool.issuer,
        audience,
        algorithms: ['RS256'],
      },
      (claims: { sub: string }, done: VerifiedCallback) => done(null, claims),
    ),
  )
  return [
    authenticator.authenticate('jwt', { session: false }) as RequestHandler,
    (req, res) => void res.json({ sub: (req.user as { sub?: string }).sub }),
  ]
}

export function expressJwt(issuer: Issuer): RequestHandler[] {
  const { audience, userPool } = issuer
  return [
    expressjwt({
      secret: jwksRsa.expressJwtSecret(jwksRsaOptions(issuer)) as GetVerificationKey,
      audience,
      issuer: userPool.issuer,
      algorithms: ['RS256'],
    }),
    (req: ExpressJwtRequest, res) => void res.json({ sub: req.auth?.sub }),
  ]
}

export function jose({ userPool, jwksUri, audience }: Issuer): RequestHandler[] {
  const keys = createRemoteJWKSet(new URL(jwksUri))
  const options = { issuer: userPool.issuer, audience, algorithms: ['RS256'] }
  return verifying(async (token) => (await jwtVerify(token, keys, options)).payload)
}

/** Keys that may change must come from a function, and jwks-rsa has one. */
export function fastJwt(issuer: Issuer): RequestHandler[] {
  const keys = jwksRsa(jwksRsaOptions(issuer))
  const verify = createVerifier({
    key: async ({ header }: { header: { kid?: string } }) =>
      (await keys.getSigningKey(header.kid)).getPublicKey(),
    algorithms: ['RS256'],
    allowedIss: issuer.userPool.issuer,
    allowedAud: issuer.audience,
    cache: true,
  })
  return verifying(verify)
}
