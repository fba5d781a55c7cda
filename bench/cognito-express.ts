import { createRequire } from 'node:module'
import CognitoExpress from 'cognito-express'
import type { RequestHandler } from 'express'
import type { Issuer } from './issuer.ts'

/** What is needed of axios, which belongs to cognito-express and not to this package. */
interface Axios {
  interceptors: { request: { use(change: (request: { url: string }) => { url: string }): void } }
}

/**
 * Its README's middleware, with the token in the usual header. It fetches the keys once, from an address on Amazon that
 * it makes itself: here an interceptor of its own HTTP client leads that one address to the local keys.
 */
export function cognitoExpress({ userPool, jwksUri }: Issuer): RequestHandler[] {
  const require = createRequire(import.meta.url)
  const axios = createRequire(require.resolve('cognito-express'))('axios') as Axios
  const onAmazon = `${userPool.issuer}/.well-known/jwks.json`
  axios.interceptors.request.use((request) =>
    request.url === onAmazon ? { ...request, url: jwksUri } : request,
  )
  const [region = ''] = userPool.userPoolId.split('_')
  const verifier = new CognitoExpress({ region, cognitoUserPoolId: userPool.userPoolId, tokenUse: 'access' })
  return [
    (req, res, next) => {
      const [, token] = /^Bearer (.+)$/.exec(req.headers.authorization ?? '') ?? []
      if (token === undefined) return void res.sendStatus(401)
      void verifier.validate(token, (error, claims) => {
        if (error !== null) return res.sendStatus(401)
        res.locals['claims'] = claims
        next()
      })
    },
    (_req, res) => void res.json({ sub: (res.locals['claims'] as { sub: string }).sub }),
  ]
}
