/**
 * What Cognito, or this package, refuses in a direct sign-in and in calls about an account: the status, and the fixed
 * text for the browser. Names of Cognito's exceptions as its API spells them; ours are in lower case.
 */
export const signInReasons = {
  // An unknown user and a wrong password are one and the same to whoever tries.
  NotAuthorizedException: [401, 'Incorrect username or password.'],
  UserNotFoundException: [401, 'Incorrect username or password.'],
  UserNotConfirmedException: [401, 'Confirm your account first.'],
  PasswordResetRequiredException: [401, 'Your password must be reset.'],
  CodeMismatchException: [401, 'The code is wrong.'],
  ExpiredCodeException: [401, 'The code has expired or was used. Ask for a new one.'],
  EnableSoftwareTokenMFAException: [401, 'The code is wrong.'],
  UserLambdaValidationException: [401, 'Sign-in was refused.'],
  RefreshTokenReuseException: [401, 'Your sign-in has ended. Sign in again.'],
  ForbiddenException: [403, 'The request was refused.'],
  InvalidPasswordException: [400, 'The password does not meet the policy.'],
  PasswordHistoryPolicyViolationException: [400, 'This password was used before.'],
  InvalidParameterException: [400, 'The request is not valid.'],
  MFAMethodNotFoundException: [400, 'This way to confirm a sign-in is not set up.'],
  SoftwareTokenMFANotFoundException: [400, 'Authenticator apps are not set up.'],
  ResourceNotFoundException: [400, 'Not found.'],
  WebAuthnChallengeNotFoundException: [400, 'The passkey took too long. Start again.'],
  WebAuthnClientMismatchException: [400, 'The passkey could not be registered. Start again.'],
  WebAuthnCredentialNotSupportedException: [400, 'Passkeys of this kind are not supported.'],
  WebAuthnOriginNotAllowedException: [400, 'Passkeys cannot be used on this site.'],
  WebAuthnRelyingPartyMismatchException: [400, 'Passkeys cannot be used on this site.'],
  DeviceKeyExistsException: [409, 'The device is known already.'],
  UsernameExistsException: [409, 'This user name is taken.'],
  AliasExistsException: [409, 'An account with this e-mail address or phone number exists.'],
  LimitExceededException: [429, 'Too many attempts. Try again later.'],
  TooManyRequestsException: [429, 'Too many attempts. Try again later.'],
  TooManyFailedAttemptsException: [429, 'Too many attempts. Try again later.'],
  /** Cognito's lockout after wrong passwords, which it words as a NotAuthorizedException. */
  password_attempts_exceeded: [429, 'Too many attempts. Try again later.'],
  /** The challenge is not one that this app sealed, was altered, or belongs to another browser, pool or client. */
  challenge_invalid: [400, 'The sign-in cannot be continued. Start again.'],
  /** Too late, or answered already: Cognito does not know its session any more. */
  challenge_expired: [400, 'The sign-in took too long. Start again.'],
  /** Cognito asked for something that this sign-in must not give, such as the password in clear. */
  unexpected_challenge: [502, 'Sign-in did not finish. Please try again.'],
  token_response_invalid: [502, 'Sign-in did not finish. Please try again.'],
} as const satisfies Record<string, readonly [status: number, publicMessage: string]>
