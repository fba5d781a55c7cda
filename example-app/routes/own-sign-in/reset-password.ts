import type { Router } from 'express'
import type { UserPool } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { assertSame, formPage, wordsFor } from '../../form-page.ts'
import { digits } from './code.ts'

/** A new password for the code that was sent. */
export function resetPasswordPage({ account }: UserPool, { mailbox }: Config): Router {
  return formPage({
    path: '/forgot-password/confirm',
    view: 'own-sign-in/reset-password',
    title: 'Choose a new password',
    fields: ['username', 'code', 'password', 'repeated'],
    kept: ['username'],
    show: (req) => {
      const { username = '' } = req.session
      return { values: { username }, mailbox: mailbox?.(username) }
    },
    // Nobody learns here which accounts there are.
    words: (error) =>
      aboutThePassword.test(error.reason) ? wordsFor(error) : 'The code is wrong or has expired.',
    submit: async (req, { username, code, password, repeated }) => {
      req.session.username = username
      assertSame(password, repeated)
      await account.confirmForgotPassword({ username, code: digits(code), password })
      req.session.notice = 'Your password is changed. Sign in with it.'
      return '/sign-in'
    },
  })
}

const aboutThePassword = /Password|Limit|TooMany/
