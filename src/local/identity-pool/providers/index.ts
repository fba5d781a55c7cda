import type { Clock } from '../../lib/clock.ts'
import type { LoginProvider, LoginTokenCheck } from '../login-provider.ts'
import type { RsaKey } from '../rsa-key.ts'
import { accessTokenPrefix, issueAccessToken, verifyAccessToken } from './access-token.ts'
import { issueIdToken, verifyIdToken } from './id-token.ts'
import { issueSamlAssertion, verifySamlAssertion } from './saml-assertion.ts'

type Claims = Record<string, unknown>

/** Plays every identity provider outside, so that no test needs an app at Facebook. */
export interface PretendProviders {
  kindOf(providerName: string): LoginProvider['kind']
  issue(providerName: string, claims: Claims): Promise<string>
  verify(providerName: string, token: string): Promise<LoginTokenCheck>
}

/**
 * Providers that sign with keys of this server. Facebook, Amazon and Twitter give opaque access tokens, SAML providers base64
 * assertions, everybody else ID tokens.
 */
export function createPretendProviders(
  clock: Clock,
  { rsaKey, secret }: { rsaKey: () => Promise<RsaKey>; secret: Buffer },
): PretendProviders {
  return {
    kindOf,
    async issue(providerName, claims) {
      const kind = kindOf(providerName)
      if (kind === 'access-token') return issueAccessToken(providerName, claims, secret)
      if (kind === 'saml') return issueSamlAssertion(providerName, claims, secret, clock.now())
      return issueIdToken(providerName, claims, await rsaKey())
    },
    async verify(providerName, token) {
      const kind = kindOf(providerName)
      if (kind === 'access-token') return verifyAccessToken(providerName, token, secret)
      if (kind === 'saml') return verifySamlAssertion(providerName, token, secret)
      return verifyIdToken(providerName, token, await rsaKey())
    },
  }
}

function kindOf(providerName: string): LoginProvider['kind'] {
  if (providerName.startsWith('cognito-idp.')) return 'user-pool'
  if (/^arn:[\w-]+:iam::\d{12}:saml-provider\//.test(providerName)) return 'saml'
  return accessTokenPrefix(providerName) === undefined ? 'openid' : 'access-token'
}
