import { fileURLToPath } from 'node:url'
import express, { type Express, type Response } from 'express'
import { IdentityPool, UserPool } from 'passport-cognito-identity'
import type { Config } from './config.ts'
import { errorPage, notFound } from './errors.ts'
import { guestUpgrade } from './guests.ts'
import { accountRoutes } from './routes/account.ts'
import { adminRoutes } from './routes/admin.ts'
import { apiRoutes } from './routes/api.ts'
import { apiPageRoutes } from './routes/api-page.ts'
import { fileRoutes } from './routes/files.ts'
import { guestRoutes } from './routes/guest.ts'
import { homeRoutes } from './routes/home.ts'
import { ownSignInRoutes } from './routes/own-sign-in/index.ts'
import { roleRoutes } from './routes/role.ts'
import { securityRoutes } from './routes/security/index.ts'
import { signIn } from './routes/sign-in.ts'
import { oneHostName, sameSiteOnly, securityHeaders } from './security.ts'
import { userFiles } from './user-files.ts'

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The two nouns that the app is made of. Close them when it stops. */
export interface Pools {
  userPool: UserPool
  identityPool: IdentityPool
}

export function poolsOf(config: Config): Pools {
  return { userPool: new UserPool(config.userPool), identityPool: new IdentityPool(config.identityPool) }
}

/** The whole app. It reads its configuration from `config` and nowhere else, so any number of them can run in one process. */
export function createApp(config: Config, { userPool, identityPool } = poolsOf(config)): Express {
  const app = express()
  app.set('view engine', 'ejs').set('views', folder('views')).disable('x-powered-by')
  // Secure cookies need to know that the proxy in front of the app speaks https.
  if (config.origin.startsWith('https:')) app.set('trust proxy', 1)

  app.use(securityHeaders(config, userPool.logoutUrl(`${config.origin}/`).origin))
  app.use(oneHostName(config.origin))
  // Unlike pages, the style sheet and the script may be kept, and are asked for anew when they change.
  const setHeaders = (res: Response) => void res.set('Cache-Control', 'no-cache')
  app.use(express.static(folder('public'), { index: false, setHeaders }))
  // The API stands before the sessions: it knows its callers by their bearer tokens only.
  app.use('/api', apiRoutes(userPool))
  app.use(sameSiteOnly(config.origin))
  const upgradeGuest = guestUpgrade(userPool, identityPool)
  app.use(signIn(config, { userPool, identityPool, upgradeGuest }))
  app.use(ownSignInRoutes(config, userPool, upgradeGuest), securityRoutes(config, userPool, identityPool))
  app.use(homeRoutes(config), accountRoutes(userPool), fileRoutes(userFiles(config)))
  app.use(adminRoutes(config), apiPageRoutes(config))
  app.use(guestRoutes(config, identityPool), roleRoutes(config))
  app.use(notFound, errorPage)
  return app
}
