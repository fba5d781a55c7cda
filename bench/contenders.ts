import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { bearer, getAuth, UserPool, type UserPoolOptions } from 'passport-cognito-identity'
import { cognitoExpress } from './cognito-express.ts'
import { cryptoVerify } from './crypto-verify.ts'
import type { Issuer } from './issuer.ts'
import { awsJwtVerify, expressJwt, expressOauth2JwtBearer, fastJwt, jose, passportJwt } from './peers.ts'

/** The handlers of one route. The last one answers `{ "sub": … }`; those before it let nobody in without a token. */
export type Guard = (issuer: Issuer) => RequestHandler[] | Promise<RequestHandler[]>

/** What every contender is compared with. */
export const BARE_ROUTE = 'bare route'
/** What nobody can leave out for a token that is new. */
export const CRYPTO_VERIFY = 'crypto.verify'

/** In the order of the report. */
export const contenders: Readonly<Record<string, Guard>> = {
  [BARE_ROUTE]: ({ sub }) => [(_req, res) => void res.json({ sub })],
  [CRYPTO_VERIFY]: cryptoVerify,
  bearer: own(),
  'bearer, verifiedTokens: 0': own({ verifiedTokens: 0 }),
  'aws-jwt-verify': awsJwtVerify,
  'express-oauth2-jwt-bearer': expressOauth2JwtBearer,
  'passport-jwt + jwks-rsa': passportJwt,
  'express-jwt + jwks-rsa': expressJwt,
  'cognito-express': cognitoExpress,
  jose,
  'fast-jwt, cache: true': fastJwt,
}

function own(options?: Partial<UserPoolOptions>): Guard {
  return ({ userPool }) => [
    bearer({ userPool: new UserPool({ ...userPool, ...options }) }),
    (req, res) => void res.json({ sub: getAuth(req).claims.sub }),
  ]
}

/** Express' own handler would print the errors between the figures. */
const refuse: ErrorRequestHandler = (error, _req, res, _next) => void res.sendStatus(error.status ?? 500)

/** An app with one guarded route at `/`. */
export async function createApp(guard: Guard, issuer: Issuer): Promise<Express> {
  return express()
    .get('/', ...(await guard(issuer)))
    .use(refuse)
}
