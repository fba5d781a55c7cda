import { SignInError, type UserPool } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'

/**
 * Proves the password of whoever is signed in once more: by beginning a sign-in, which Cognito answers with the next question or with tokens.
 * Nobody goes on with it. Wrong passwords count towards Cognito's own lockout. Throws SignInError.
 */
export async function provePassword(
  userPool: UserPool,
  { signInFlow }: Config,
  username: string,
  password: string,
): Promise<void> {
  // Without a password a custom sign-in would begin all the same, and prove nothing.
  if (password === '') throw new SignInError('NotAuthorizedException', 'No password was entered.')
  const step = await userPool.signIn({ username, password, flow: signInFlow })
  if (step.status === 'signed-in') await userPool.revoke(step.tokens)
}
