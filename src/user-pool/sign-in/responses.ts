import { SignInError } from '../../errors.ts'

/** The `ChallengeResponses` of an answer, without what every one carries. Throws {@link SignInError} where something is missing. */
export function responsesOf(name: string, answer: Record<string, unknown>): Record<string, string> {
  const need = (member: string) => requireAnswer(name, answer, member)
  switch (name) {
    case 'NEW_PASSWORD_REQUIRED':
      return { NEW_PASSWORD: need('newPassword'), ...attributeResponses(answer['attributes']) }
    case 'SMS_MFA':
    case 'EMAIL_OTP':
    case 'SMS_OTP':
    case 'SOFTWARE_TOKEN_MFA':
      return { [`${name}_CODE`]: need('code') }
    case 'SELECT_MFA_TYPE':
      return { ANSWER: need('choice') }
    case 'PASSWORD':
      return { PASSWORD: need('password') }
    case 'WEB_AUTHN':
      return { CREDENTIAL: credentialOf(name, answer) }
    case 'CUSTOM_CHALLENGE':
      return { ANSWER: need('answer') }
    default:
      return { ...(answer['responses'] as Record<string, string> | undefined) }
  }
}

/** A member of an answer, byte for byte as it came. What a form left out is the visitor's fault, not the developer's. */
export function requireAnswer(name: string, answer: Record<string, unknown>, member: string): string {
  const value = answer[member]
  if (typeof value === 'string' && value !== '') return value
  throw new SignInError('InvalidParameterException', `The answer to ${name} needs "${member}".`)
}

/** A credential of the browser, in the JSON form of WebAuthn. */
export function credentialOf(name: string, { credential }: Record<string, unknown>): string {
  if (typeof credential === 'object' && credential !== null) return JSON.stringify(credential)
  throw new SignInError('InvalidParameterException', `The answer to ${name} needs "credential", an object.`)
}

function attributeResponses(attributes: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((attributes ?? {}) as Record<string, string>).map(([name, value]) => [
      `userAttributes.${name}`,
      value,
    ]),
  )
}
