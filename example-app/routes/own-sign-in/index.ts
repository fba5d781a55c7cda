import { Router } from 'express'
import type { UserPool } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import type { UpgradeGuest } from '../../guests.ts'
import { choicePage } from './choice.ts'
import { codePage } from './code.ts'
import { confirmSignUpPage } from './confirm-sign-up.ts'
import { Conversation } from './conversation.ts'
import { forgotPasswordPage } from './forgot-password.ts'
import { newPasswordPage } from './new-password.ts'
import { passkeyPage } from './passkey.ts'
import { passwordPage } from './password.ts'
import { questionPage } from './question.ts'
import { resetPasswordPage } from './reset-password.ts'
import { setUpPage } from './set-up.ts'
import { signInPage } from './sign-in.ts'
import { signUpPage } from './sign-up.ts'

declare module 'express-session' {
  interface SessionData {
    /** The name that was typed last, so that the next form knows it. */
    username: string
  }
}

/** Sign-in, sign-up and forgotten passwords with pages of this app, instead of the managed login. */
export function ownSignInRoutes(config: Config, userPool: UserPool, upgradeGuest: UpgradeGuest): Router {
  const conversation = new Conversation(userPool, upgradeGuest)
  const router = Router()
  router.use(signInPage(conversation, config))
  router.use(newPasswordPage(conversation), codePage(conversation, config), choicePage(conversation))
  router.use(passwordPage(conversation), setUpPage(conversation), questionPage(conversation))
  router.use(passkeyPage(conversation))
  router.use(signUpPage(userPool), confirmSignUpPage(userPool, config))
  router.use(forgotPasswordPage(userPool), resetPasswordPage(userPool, config))
  return router
}
