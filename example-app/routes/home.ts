import { Router } from 'express'
import type { Config } from '../config.ts'

/** The page that everybody may see. */
export function homeRoutes({ signInHint }: Config): Router {
  return Router().get('/', (_req, res) => {
    res.render('home', { title: 'Welcome', signInHint })
  })
}
