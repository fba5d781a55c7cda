import type { Router } from 'express'
import type { UserPool } from 'passport-cognito-identity'
import { assertSame, formPage } from '../../form-page.ts'

/** A new account. Cognito itself tells whether a name is taken, so this page does too. */
export function signUpPage({ account }: UserPool): Router {
  return formPage({
    path: '/sign-up',
    view: 'own-sign-in/sign-up',
    title: 'Create an account',
    fields: ['username', 'email', 'password', 'repeated'],
    kept: ['username', 'email'],
    elsewhere: (req) => (req.cognito ? '/account' : undefined),
    submit: async (req, { username, email, password, repeated }) => {
      assertSame(password, repeated)
      const { confirmed } = await account.signUp({ username, password, attributes: { email } })
      req.session.username = username
      req.session.notice = confirmed
        ? 'Your account is ready. Sign in.'
        : 'We have sent you a code. Enter it to confirm your account.'
      return confirmed ? '/sign-in' : '/sign-up/confirm'
    },
  })
}
