import * as member from './members.ts'

/** The members that several operations share, as the model of `cognito-identity` restricts them. */

const id = { min: 1, max: 55, pattern: '[\\w-]+:[0-9a-f-]+' }

export const identityPoolId = member.string(id)
export const identityId = member.string(id)
export const accountId = member.string({ min: 1, max: 15, pattern: '\\d+' })
export const roleArn = member.string({ min: 20, max: 2048 })
export const developerUserIdentifier = member.string({ min: 1, max: 1024 })
export const developerProviderName = member.string({ min: 1, max: 128, pattern: '[\\w._-]+' })
export const identityProviderName = member.string({ min: 1, max: 128 })
export const maxResults = member.integer({ min: 1, max: 60 })
export const nextToken = member.string({ min: 1, max: 65_535, pattern: '[\\S]+', sensitive: true })
export const tokenDuration = member.integer({ min: 1, max: 86_400 })

/** Provider name to token. */
export const logins = member.stringMap({
  max: 10,
  keys: { min: 1, max: 128 },
  values: { min: 1, max: 50_000 },
})

export const principalTags = member.stringMap({
  max: 50,
  keys: { min: 1, max: 128 },
  values: { min: 1, max: 256 },
})

/** `authenticated` and `unauthenticated`. */
export const roles = member.stringMap({
  max: 2,
  keys: { min: 1, max: 128, pattern: '(un)?authenticated' },
  values: { min: 20, max: 2048 },
})

const rule = {
  Claim: member.string({ min: 1, max: 64, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' }),
  MatchType: member.string({ values: ['Equals', 'Contains', 'StartsWith', 'NotEqual'] }),
  Value: member.string({ min: 1, max: 128 }),
  RoleARN: roleArn,
}

export const roleMappings = member.structureMap(
  { max: 10, keys: { min: 1, max: 128 } },
  {
    Type: member.string({ values: ['Token', 'Rules'] }),
    AmbiguousRoleResolution: member.optional(member.string({ values: ['AuthenticatedRole', 'Deny'] })),
    RulesConfiguration: member.optional(
      member.structure({ Rules: member.list(member.structure(rule), { min: 1, max: 400 }) }),
    ),
  },
)
