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

/** What every operation of an app that has no token yet says about itself and about whom it asks for. */
export const appAndUser = {
  ClientId: clientId,
  Username: username,
  SecretHash: member.optional(secretHash),
  ClientMetadata: member.optional(metadata),
}

/** What every operation of administrators on one user says. */
export const poolAndUser = { UserPoolId: userPoolId, Username: username }
