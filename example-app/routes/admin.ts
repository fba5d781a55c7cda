import { Router } from 'express'
import { getAuth, requireAuth, requireGroups } from 'passport-cognito-identity'
import type { Config } from '../config.ts'

/** For the group `admin`. A signed-in user who is not in it gets 403, and no sign-in page. */
export function adminRoutes({ userPool, identityPool, bucket, origin }: Config): Router {
  const facts = [
    ['User pool', userPool.userPoolId],
    ['App client', userPool.clientId],
    ['Managed login', userPool.domain],
    ['Identity pool', identityPool.identityPoolId],
    ['S3 bucket', bucket],
    ['Callback URL', `${origin}/callback`],
    ['Sign-out URL', `${origin}/`],
    ['Node.js', process.version],
  ]
  const router = Router()
  router.get('/admin', requireAuth({ loginURL: '/login' }), requireGroups('admin'), (req, res) => {
    res.render('admin', { title: 'Administration', facts, groups: getAuth(req).groups })
  })
  return router
}
