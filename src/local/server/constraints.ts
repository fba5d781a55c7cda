import { ServiceError } from './service-error.ts'

/** How a service model restricts a string member. */
interface StringConstraint {
  min?: number
  max?: number
  pattern?: string
  values?: readonly string[]
  /** The value is never shown. */
  sensitive?: boolean
}

/** Longer values are left out of messages: they may be tokens in the wrong member. */
const echoAtMost = 128

const token = { min: 1, pattern: '[A-Za-z0-9-_=.]+', sensitive: true }

/** The string members of the user pool's API, by name, as the model of `cognito-idp` restricts them. */
const stringConstraints = {
  AuthFlow: {
    values: [
      'USER_PASSWORD_AUTH',
      'REFRESH_TOKEN_AUTH',
      'REFRESH_TOKEN',
      'USER_SRP_AUTH',
      'CUSTOM_AUTH',
      'USER_AUTH',
      'ADMIN_NO_SRP_AUTH',
      'ADMIN_USER_PASSWORD_AUTH',
    ],
  },
  ChallengeName: {
    values: [
      'SMS_MFA',
      'EMAIL_OTP',
      'SMS_OTP',
      'SOFTWARE_TOKEN_MFA',
      'SELECT_MFA_TYPE',
      'MFA_SETUP',
      'PASSWORD',
      'PASSWORD_SRP',
      'PASSWORD_VERIFIER',
      'CUSTOM_CHALLENGE',
      'SELECT_CHALLENGE',
      'DEVICE_SRP_AUTH',
      'DEVICE_PASSWORD_VERIFIER',
      'ADMIN_NO_SRP_AUTH',
      'NEW_PASSWORD_REQUIRED',
      'WEB_AUTHN',
    ],
  },
  ClientId: { min: 1, max: 128, pattern: '[\\w+]+', sensitive: true },
  // The model asks for 24 characters; the secrets of a local client may be shorter.
  ClientSecret: { min: 1, max: 64, pattern: '[\\w+]+', sensitive: true },
  Secret: { min: 1, max: 64, pattern: '[\\w+]+', sensitive: true },
  Username: { min: 1, max: 128, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+', sensitive: true },
  Session: { min: 20, max: 2048, sensitive: true },
  AccessToken: token,
  Token: token,
  RefreshToken: token,
  UserPoolId: { min: 1, max: 55, pattern: '[\\w-]+_[0-9a-zA-Z]+' },
  DeviceKey: { min: 1, max: 55, pattern: '[\\w-]+_[0-9a-f-]+' },
  DeviceName: { min: 1, max: 1024 },
  DeviceRememberedStatus: { values: ['remembered', 'not_remembered'] },
  PasswordVerifier: { min: 1, max: 131_072, sensitive: true },
  Salt: { min: 1, max: 131_072, sensitive: true },
  PaginationToken: { min: 1 },
  SessionId: { min: 28, max: 28 },
  UserCode: { min: 6, max: 6, pattern: '[0-9]+', sensitive: true },
  FriendlyDeviceName: { min: 1, max: 256 },
} as const satisfies Record<string, StringConstraint>

export type StringMember = keyof typeof stringConstraints

/** Everything that is wrong with a member, in Cognito's words; undefined = absent, which is wrong for a required one. */
export function violationsOf(name: StringMember, value: string | undefined, required: boolean): string[] {
  const { sensitive, min = 0, max = Infinity, pattern, values }: StringConstraint = stringConstraints[name]
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const sentence = (shown: string, constraint: string) =>
    `Value${sensitive ? '' : shown} at '${member}' failed to satisfy constraint: ${constraint}`
  if (value === undefined) return required ? [sentence(' null', 'Member must not be null')] : []
  const problems = [
    pattern !== undefined &&
      !new RegExp(`^(?:${pattern})$`, 'u').test(value) &&
      `Member must satisfy regular expression pattern: ${pattern}`,
    value.length < min && `Member must have length greater than or equal to ${min}`,
    value.length > max && `Member must have length less than or equal to ${max}`,
    values && !values.includes(value) && `Member must satisfy enum value set: [${values.join(', ')}]`,
  ]
  const shown = value.length > echoAtMost ? '' : ` '${value}'`
  return problems.filter((problem) => typeof problem === 'string').map((problem) => sentence(shown, problem))
}

/** One error for everything that is wrong with an input. `type` differs between the two APIs. */
export function validationError(
  type: 'InvalidParameterException' | 'ValidationException',
  problems: readonly string[],
): ServiceError {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
  return new ServiceError(type, `${count} detected: ${problems.join('; ')}`)
}

/** A member of another JSON type than the model's. */
export function wrongType(
  expected: 'String' | 'Map' | 'Structure' | 'List' | 'Integer' | 'Boolean',
): ServiceError {
  return new ServiceError('SerializationException', `A member of the request is not a ${expected}`)
}
