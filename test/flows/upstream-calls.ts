import { IdentityPool, type Tokens, UserPool } from '../../src/index.ts'
import type { LocalCognito } from '../../src/local/index.ts'
import { ana, codeFor } from '../user-pool/sign-in.ts'

type Call = (at: string) => Promise<unknown>

/** One call that needs one upstream, which is at the given address, while all others are well. */
export interface UpstreamCalls {
  JWKS: Call
  'token endpoint': Call
  revocation: Call
  'user pool API': Call
  'identity pool': Call
  STS: Call
}

/** Calls as whoever the tokens belong to. */
export function upstreamCalls(local: LocalCognito, tokens: Tokens): UpstreamCalls {
  const pool = (options: { endpoint: string } | { domain: string }) =>
    new UserPool({ ...local.userPool, ...options })
  const logins = { [new UserPool(local.userPool).loginsKey]: tokens.idToken }
  return {
    JWKS: (endpoint) => pool({ endpoint }).verify(tokens.accessToken, { tokenUse: 'access' }),
    'token endpoint': async (domain) => {
      const code = await codeFor(new UserPool(local.userPool))
      return pool({ domain }).exchangeCode(code)
    },
    revocation: (domain) => pool({ domain }).revoke(tokens),
    'user pool API': (endpoint) =>
      pool({ endpoint }).signIn({ username: ana.username, password: ana.password }),
    'identity pool': (endpoint) => new IdentityPool({ ...local.identityPool, endpoint }).credentials(logins),
    STS: (stsEndpoint) =>
      new IdentityPool({ ...local.identityPool, stsEndpoint }).classicCredentials(logins, {
        roleArn: 'arn:aws:iam::000000000000:role/any',
      }),
  }
}
