import type { Router } from 'express'
import { SignInError, type UserPool } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { formPage, wordsFor } from '../../form-page.ts'
import { digits } from './code.ts'

/** The code that proves the address of a new account, or the wish for another one. */
export function confirmSignUpPage({ account }: UserPool, { mailbox }: Config): Router {
  return formPage({
    path: '/sign-up/confirm',
    view: 'own-sign-in/confirm-sign-up',
    title: 'Confirm your account',
    fields: ['username', 'code', 'way'],
    kept: ['username'],
    elsewhere: (req) => (req.cognito ? '/account' : undefined),
    show: (req) => {
      const { username = '' } = req.session
      return { values: { username }, mailbox: mailbox?.(username) }
    },
    // Nobody learns here which accounts there are.
    words: (error) => (error.status === 429 ? wordsFor(error) : 'The code is wrong or has expired.'),
    submit: async (req, { username, code, way }) => {
      req.session.username = username
      if (way === 'resend') {
        await account.resendCode({ username }).catch((error: unknown) => {
          if (!(error instanceof SignInError) || error.status === 429) throw error
        })
        req.session.notice = 'If this account waits for a code, a new one is on its way.'
        return '/sign-up/confirm'
      }
      await account.confirmSignUp({ username, code: digits(code) })
      req.session.notice = 'Your account is confirmed. Sign in.'
      return '/sign-in'
    },
  })
}
