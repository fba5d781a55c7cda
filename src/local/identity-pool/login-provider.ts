/** The outcome of checking a token's signature and issuer; expiry and audience are judged by `verifyLogins`. */
export type LoginTokenCheck =
  { ok: true; claims: Record<string, unknown> } | { ok: false; reason: 'malformed' | 'signature' | 'issuer' }

/** Somebody whose users the identity pool takes. */
export interface LoginProvider {
  /** The key in `Logins`. */
  providerName: string
  /** What the tokens are: it decides which claims they must have, and the words of a refusal. */
  kind: 'user-pool' | 'openid' | 'access-token' | 'saml'
  /** The provider in IAM, by which role mappings know it. */
  arn?: string
  /** For whom tokens may be made out, read at each call. */
  clientIds: () => readonly string[]
  /** Checks signature and issuer only; must not reject for a token's sake. */
  verify: (token: string) => Promise<LoginTokenCheck>
  /** `ServerSideTokenCheck`: whether the provider, when asked, takes a token back. */
  isRevoked?: (claims: Record<string, unknown>) => boolean
}

/** A login that passed every check: who the user is at which provider. */
export interface VerifiedLogin {
  provider: LoginProvider
  providerName: string
  /** The user's `sub` there. */
  subject: string
  /** For whom the token was made out; SAML assertions say it elsewhere. */
  audience: string | undefined
  claims: Record<string, unknown>
}

/** What OpenID tokens, and conditions on `amr`, call a login. */
export function amrOf({ provider, providerName, audience, subject }: VerifiedLogin): string[] {
  const via = provider.kind === 'user-pool' ? 'CognitoSignIn' : audience
  return [providerName, [providerName, via, subject].filter((part) => part !== undefined).join(':')]
}
