import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { auth } from 'express-oauth2-jwt-bearer'
import { bearer, getAuth, UserPool } from 'passport-cognito-identity'
import type { Subject } from './subject.ts'

/** The address of each app, by the name of the contender. */
export type Addresses = Record<string, string>

/** Express' own handler would print the error between the figures. */
const refuse: ErrorRequestHandler = (error, _req, res, _next) => void res.sendStatus(error.status ?? 500)

// The process under load: one Express app per contender, each with one route that answers the same body. It is given the
// subject as its argument, reports the addresses over IPC and ends with its parent.
process.once('disconnect', () => process.exit())
process.send?.(await listenAll(JSON.parse(process.argv[2] ?? '') as Subject))

async function listenAll({ userPool, sub, audience, jwksUri }: Subject): Promise<Addresses> {
  return {
    'plain route': await listen((_req, res) => void res.json({ sub })),
    'bearer, token seen before': await listen(
      bearer({ userPool: new UserPool(userPool) }),
      (req, res) => void res.json({ sub: getAuth(req).claims.sub }),
    ),
    'bearer, every token new': await listen(
      bearer({ userPool: new UserPool({ ...userPool, verifiedTokens: 0 }) }),
      (req, res) => void res.json({ sub: getAuth(req).claims.sub }),
    ),
    'express-oauth2-jwt-bearer': await listen(
      auth({ issuer: userPool.issuer, jwksUri, audience, tokenSigningAlg: 'RS256' }),
      (req, res) => void res.json({ sub: req.auth?.payload.sub }),
    ),
  }
}

async function listen(...handlers: RequestHandler[]): Promise<string> {
  const server = express()
    .get('/', ...handlers)
    .use(refuse)
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
