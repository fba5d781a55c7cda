import type { Router } from 'express'
import { SignInError, type UserPool } from 'passport-cognito-identity'
import { formPage } from '../../form-page.ts'

/** Asks for a code. The answer is the same whether or not there is such an account, and whatever state it is in. */
export function forgotPasswordPage({ account }: UserPool): Router {
  return formPage({
    path: '/forgot-password',
    view: 'own-sign-in/forgot-password',
    title: 'Forgotten password',
    fields: ['username'],
    kept: ['username'],
    show: (req) => ({ values: { username: req.session.username ?? '' } }),
    submit: async (req, { username }) => {
      await account.forgotPassword({ username }).catch((error: unknown) => {
        if (!(error instanceof SignInError) || error.status === 429) throw error
      })
      req.session.username = username
      req.session.notice = 'If there is such an account, a code is on its way.'
      return '/forgot-password/confirm'
    },
  })
}
