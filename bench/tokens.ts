import type { LocalCognito } from 'passport-cognito-identity/local'
import type { Issuer } from './issuer.ts'

/** Enough for a cache to be too small, as caches are. */
const POPULATION = 10_000

/** What the workloads are made of: access tokens of about 1.2 kB, RS256 with a 2048-bit key, all different and all valid. */
export interface Tokens {
  /** Those that come again. */
  population: readonly string[]
  /** Those that no contender sees twice. */
  fresh: readonly string[]
}

export async function mintTokens(local: LocalCognito, issuer: Issuer, fresh: number): Promise<Tokens> {
  const mint = async (count: number) => {
    const tokens: string[] = []
    while (tokens.length < count) tokens.push(await mintToken(local, issuer))
    return tokens
  }
  return { population: await mint(POPULATION), fresh: await mint(fresh) }
}

/** The token of a user with a few groups and of an app with a few scopes. */
export function mintToken(
  { issueToken }: LocalCognito,
  { audience }: Issuer,
  expiresInSeconds = 3600,
): Promise<string> {
  const scopes = ['read', 'write'].map((verb) => `${audience}/files.${verb}`)
  const claims = {
    aud: audience,
    'cognito:groups': ['editors', 'eu-west-1_Bench0001_Google'],
    scope: ['openid', 'email', 'profile', ...scopes].join(' '),
  }
  return issueToken({ tokenUse: 'access', claims, expiresInSeconds })
}
