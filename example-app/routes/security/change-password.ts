import type { Router } from 'express'
import type { CognitoUser, UserPool } from 'passport-cognito-identity'
import { assertSame, formPage, wordsFor } from '../../form-page.ts'

/** Another password for whoever knows the present one. */
export function changePasswordPage({ account }: UserPool): Router {
  return formPage({
    path: '/security/password',
    view: 'security/password',
    title: 'Change your password',
    fields: ['present', 'password', 'repeated'],
    words: (error) =>
      error.reason === 'NotAuthorizedException' ? 'Your present password is wrong.' : wordsFor(error),
    submit: async (req, { present, password, repeated }) => {
      assertSame(password, repeated)
      const { tokens } = req.user as CognitoUser
      await account.changePassword(tokens, { previousPassword: present, proposedPassword: password })
      req.session.notice = 'Your password is changed.'
      return '/security'
    },
  })
}
