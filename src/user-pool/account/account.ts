import type { CodeDelivery, AccountParts, SignedIn } from './caller.ts'
import { completePasskey, deletePasskey, listPasskeys, type Passkey, startPasskey } from './passkeys.ts'
import { changePassword, confirmForgotPassword, forgotPassword } from './password.ts'
import { deleteUser, type Profile, profile, updateAttributes, verifyAttribute } from './profile.ts'
import { globalSignOut, listSessions, revokeSession, type UserSession } from './sessions.ts'
import { confirmSignUp, resendCode, signUp, type SignUpOptions, type SignUpResult } from './sign-up.ts'
import { setUpTotp, turnOffTotp, verifyTotp } from './totp.ts'

/**
 * A person's account in the user pool, from sign-up to deletion: Cognito's own operations, thin and typed. Whoever is
 * signed in is named by their tokens. All of them throw SignInError for what Cognito refuses, SessionEndedError when the
 * tokens were revoked, ForbiddenError when they lack the scope, UnavailableError when it cannot be asked, and
 * ConfigurationError where the pool or the app client is not set up for it.
 */
export class Account {
  readonly #parts: AccountParts

  constructor(parts: AccountParts) {
    this.#parts = parts
  }

  signUp(options: SignUpOptions): Promise<SignUpResult> {
    return signUp(this.#parts, options)
  }
  confirmSignUp(confirmation: { username: string; code: string }): Promise<void> {
    return confirmSignUp(this.#parts, confirmation)
  }
  resendCode(user: { username: string }): Promise<CodeDelivery> {
    return resendCode(this.#parts, user)
  }

  forgotPassword(user: { username: string }): Promise<CodeDelivery> {
    return forgotPassword(this.#parts, user)
  }
  confirmForgotPassword(reset: { username: string; code: string; password: string }): Promise<void> {
    return confirmForgotPassword(this.#parts, reset)
  }
  changePassword(
    tokens: SignedIn,
    passwords: { previousPassword?: string | undefined; proposedPassword: string },
  ): Promise<void> {
    return changePassword(this.#parts, tokens, passwords)
  }

  profile(tokens: SignedIn): Promise<Profile> {
    return profile(this.#parts, tokens)
  }
  updateAttributes(tokens: SignedIn, attributes: Record<string, string>): Promise<CodeDelivery[]> {
    return updateAttributes(this.#parts, tokens, attributes)
  }
  verifyAttribute(tokens: SignedIn, verification: { attribute: string; code: string }): Promise<void> {
    return verifyAttribute(this.#parts, tokens, verification)
  }
  deleteUser(tokens: SignedIn): Promise<void> {
    return deleteUser(this.#parts, tokens)
  }

  setUpTotp(tokens: SignedIn, user: { username: string }): Promise<{ secret: string; url: string }> {
    return setUpTotp(this.#parts, tokens, user)
  }
  verifyTotp(tokens: SignedIn, first: { code: string; deviceName?: string | undefined }): Promise<void> {
    return verifyTotp(this.#parts, tokens, first)
  }
  turnOffTotp(tokens: SignedIn): Promise<void> {
    return turnOffTotp(this.#parts, tokens)
  }

  startPasskey(tokens: SignedIn): Promise<Record<string, unknown>> {
    return startPasskey(this.#parts, tokens)
  }
  completePasskey(tokens: SignedIn, credential: object): Promise<void> {
    return completePasskey(this.#parts, tokens, credential)
  }
  listPasskeys(tokens: SignedIn): Promise<Passkey[]> {
    return listPasskeys(this.#parts, tokens)
  }
  deletePasskey(tokens: SignedIn, credentialId: string): Promise<void> {
    return deletePasskey(this.#parts, tokens, credentialId)
  }

  listSessions(tokens: SignedIn): Promise<UserSession[]> {
    return listSessions(this.#parts, tokens)
  }
  revokeSession(tokens: SignedIn, sessionId: string): Promise<void> {
    return revokeSession(this.#parts, tokens, sessionId)
  }
  globalSignOut(tokens: SignedIn): Promise<void> {
    return globalSignOut(this.#parts, tokens)
  }
}
