import type { VerifiedLogin } from './login-provider.ts'
import type { IdentityPool } from './pool.ts'

/** Which claims of a provider's tokens become session tags ("attributes for access control"). */
export interface PrincipalTagMap {
  useDefaults: boolean
  /** Tag key to claim. */
  principalTags: Readonly<Record<string, string>>
}

/** The tags that everybody gets with `UseDefaults`. */
const defaults = { client: 'aud', username: 'sub' }

/**
 * The session tags of these logins; a claim that the token does not have gives none.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
 */
export function principalTagsOf(
  { principalTags }: IdentityPool,
  logins: readonly VerifiedLogin[],
): Record<string, string> {
  const tags = logins.flatMap(({ providerName, provider, claims }) => {
    const map = principalTags.get(providerName) ?? principalTags.get(provider.arn ?? '')
    if (!map) return []
    const wanted = map.useDefaults ? { ...defaults, ...map.principalTags } : map.principalTags
    return Object.entries(wanted).flatMap(([tag, claim]) => {
      const value = claims[claim]
      const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      return isText && value !== '' ? [[tag, String(value)] as const] : []
    })
  })
  return Object.fromEntries(tags)
}
