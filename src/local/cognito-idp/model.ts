import * as member from '../server/members.ts'

/** The members that several operations share, as the model of `cognito-idp` restricts them. */

const word = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'
const token = { min: 1, pattern: '[A-Za-z0-9-_=.]+', sensitive: true }

export const userPoolId = member.string({ min: 1, max: 55, pattern: '[\\w-]+_[0-9a-zA-Z]+' })
export const clientId = member.string({ min: 1, max: 128, pattern: '[\\w+]+', sensitive: true })
export const secretHash = member.string({ min: 1, max: 128, pattern: '[\\w+=/]+', sensitive: true })
export const username = member.string({ min: 1, max: 128, pattern: word, sensitive: true })
export const password = member.string({ max: 256, pattern: '[\\S]+', sensitive: true })
export const accessToken = member.string(token)
export const anyToken = member.string(token)
/** The model asks for 24 characters; the secrets of a local client may be shorter. */
export const clientSecret = member.string({ min: 1, max: 64, pattern: '[\\w+]+', sensitive: true })
export const session = member.string({ min: 20, max: 2048, sensitive: true })
export const confirmationCode = member.string({ min: 1, max: 2048, pattern: '[\\S]+' })
export const groupName = member.string({ min: 1, max: 128, pattern: word })
export const description = member.string({ max: 2048 })
export const nextToken = member.string({ min: 1, pattern: '[\\S]+', sensitive: true })
/** 0 means the default, as absence does. */
export const limit = member.integer({ min: 0, max: 60 })
export const resourceServersAtOnce = member.integer({ min: 1, max: 50 })
export const passkeysAtOnce = member.integer({ min: 0, max: 20 })
export const maxResults = member.integer({ min: 1, max: 60 })

export const deviceKey = member.string({ min: 1, max: 55, pattern: '[\\w-]+_[0-9a-f-]+' })
export const srpText = member.string({ min: 1, max: 131_072, sensitive: true })
export const sessionId = member.string({ min: 28, max: 28 })
export const oneTimeCode = member.string({ min: 6, max: 6, pattern: '[0-9]+', sensitive: true })
export const deviceName = member.string({ min: 1, max: 1024 })
export const friendlyDeviceName = member.string({ min: 1, max: 256 })

export const authFlow = member.string({
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
})

export const challengeName = member.string({
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
})

const name = member.string({ min: 1, max: 32, pattern: word })
const attribute = member.structure({
  Name: name,
  Value: member.optional(member.string({ max: 2048, sensitive: true })),
})

export const attributeName = name
export const attributeNames = member.list(name, { min: 0, max: Number.MAX_SAFE_INTEGER })
export const attributes = member.list(attribute, { min: 0, max: Number.MAX_SAFE_INTEGER })

/** Passed on to triggers. */
export const metadata = member.stringMap({
  max: Number.MAX_SAFE_INTEGER,
  keys: { max: 131_072 },
  values: { max: 131_072 },
})

/** `AuthParameters` and `ChallengeResponses`; empty when absent. */
export const parameters = member.optional(member.parameterMap)

/** `ClientMetadata` of a sign-in, in which clients send null for what they do not have. */
export const signInMetadata: member.Member<Record<string, string> | undefined> = (value, path, problems) => {
  const given = parameters(value, path, problems)
  return given && Object.fromEntries(given)
}

/** What every operation of an app that has no token yet says about itself and about whom it asks for. */
export const appAndUser = {
  ClientId: clientId,
  Username: username,
  SecretHash: member.optional(secretHash),
  ClientMetadata: member.optional(metadata),
}

/** What every operation of administrators on one user says. */
export const poolAndUser = { UserPoolId: userPoolId, Username: username }
