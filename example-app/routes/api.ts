import { Router } from 'express'
import {
  type AccessTokenClaims,
  bearer,
  getAuth,
  requireGroups,
  type UserPool,
} from 'passport-cognito-identity'
import { notFound } from '../errors.ts'

/** The API: access tokens in the Authorization header, no cookies. */
export function apiRoutes(userPool: UserPool): Router {
  const router = Router()
  router.use(bearer({ userPool }))
  router.get('/me', (req, res) => {
    const { claims, groups, scopes } = getAuth<AccessTokenClaims>(req)
    res.json({
      sub: claims.sub,
      username: claims.username,
      groups,
      scopes,
      expires: new Date(claims.exp * 1000),
    })
  })
  router.get('/admin/uptime', requireGroups('admin'), (_req, res) => {
    res.json({ uptimeSeconds: Math.round(process.uptime()) })
  })
  router.use(notFound)
  return router
}
