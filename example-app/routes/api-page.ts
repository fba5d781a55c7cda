import { Router } from 'express'
import { type CognitoUser, getAuth, requireAuth } from 'passport-cognito-identity'
import type { Config } from '../config.ts'

/** The calls that the page offers; the browser names one of them and never sees a token. */
const calls = {
  me: { path: '/api/me', token: 'access' },
  admin: { path: '/api/admin/uptime', token: 'access' },
  anonymous: { path: '/api/me', token: 'none' },
  'id-token': { path: '/api/me', token: 'id' },
} as const

/** A page whose script lets this server call the API with the user's access token, and shows what went over the wire. */
export function apiPageRoutes({ origin }: Config): Router {
  const router = Router()
  router.get('/api-page', requireAuth({ loginURL: '/login' }), (_req, res) => {
    res.render('api', { title: 'Call the API', origin })
  })
  router.get('/api-page/call', requireAuth(), async (req, res) => {
    const { path, token } = named(req.query['call'])
    const { tokens } = req.user as CognitoUser
    const bearer = { access: tokens.accessToken, id: getAuth(req).token, none: undefined }[token]
    const response = await fetch(origin + path, {
      headers: {
        accept: 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    const shown = { access: 'Bearer <your access token>', id: 'Bearer <your ID token>', none: undefined }[
      token
    ]
    res.json({
      request: [`GET ${path}`, 'Accept: application/json', ...(shown ? [`Authorization: ${shown}`] : [])],
      status: response.status,
      statusText: response.statusText,
      challenge: response.headers.get('www-authenticate'),
      body: await response.json(),
    })
  })
  return router
}

function named(name: unknown): (typeof calls)[keyof typeof calls] {
  return calls[typeof name === 'string' && Object.hasOwn(calls, name) ? (name as keyof typeof calls) : 'me']
}
