// Compiled, not run: our handlers where apps put them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import express5, { type RequestHandler, Router } from 'express'
import passport from 'passport'
import {
  bearer,
  CognitoStrategy,
  getAuth,
  requireAuth,
  requireGroups,
  session,
  type UserPool,
} from '../../src/index.ts'

declare const userPool: UserPool

const app = express5()
const router = Router()

passport.use(new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' }))
passport.use('other-name', new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' }))
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user: Express.User, done) => done(null, user))

app.use(session({ userPool }))
app.use('/api', bearer({ userPool }), router)
app.use(['/a', '/b'], requireAuth({ loginURL: '/login' }))
app.get('/login', passport.authenticate('cognito'))
app.get('/callback', passport.authenticate('cognito', { failureRedirect: '/failed' }), (req, res) =>
  res.redirect(req.authInfo?.returnTo ?? '/'),
)
// Path parameters keep their types behind our handlers.
app.delete('/files/:id', requireAuth(), requireGroups('admin'), (req, res) => {
  const id: string = req.params.id
  res.json({ id, sub: getAuth(req).claims.sub })
})
const list: RequestHandler = (_req, res) => void res.json([])
app.get('/list', [requireAuth(), requireGroups('admin')], list)
router
  .route('/one')
  .all(requireAuth())
  .get(requireGroups('admin'), async (req, res) => {
    res.json(getAuth(req).groups)
  })
router.param('id', (req, _res, next) => {
  getAuth(req)
  next()
})

/** What Express 4 and connect call a middleware: plain Node types, `next` with any error, no promise. */
type ConnectHandler = (
  req: IncomingMessage & Express.Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void
const connect: ConnectHandler[] = [session({ userPool }), bearer({ userPool }), requireAuth()]

export { app, connect, router }
