import { ConfigurationError } from '../errors.ts'
import { assertKnownOptions, optionalNumber } from '../lib/assert.ts'
import { redacted } from '../lib/redacted.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import { type ClassicCredentialsOptions, type IdentityToken, toIdentityToken } from './classic-flow.ts'
import type { Tokens } from './logins.ts'
import type { CredentialsProvider } from './provider.ts'
import type { Service } from './service.ts'

/** What `developerIdentity()` takes beside the logins. */
export interface DeveloperIdentityOptions {
  /** An identity that the login is added to, for example a guest's. Default: the login's own, made at the first call. */
  identityId?: string | undefined
  /** How long the token counts: 1 to 86,400. Default 900. Credentials last an hour all the same. */
  tokenDurationSeconds?: number | undefined
  /** Session tags for policies (`aws:PrincipalTag/NAME`). */
  principalTags?: Readonly<Record<string, string>> | undefined
}

/**
 * A user whom the app's own backend signed in. `identityId` and `token` may be handed to the user's device, which can get
 * credentials with them; `credentials` gets them here. Logged or turned into JSON, the token does not show.
 */
export interface DeveloperIdentity extends IdentityToken {
  /** For a call of GetCredentialsForIdentity: the key that goes with the token in this Region, and the token. */
  readonly logins: Tokens
  /** Under the enhanced flow; renewed, with a new token where this one has expired. */
  readonly credentials: CredentialsProvider
  /** Under the classic flow, with a role of the app's choice. */
  classicCredentials(options: ClassicCredentialsOptions): Promise<CognitoIdentityCredentials>
}

/** Regions whose identity pools share one issuer; those that came later have one each. */
const regionsOfTheGlobalIssuer = new Set([
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
])

/**
 * The key in `Logins` for tokens that the identity pool itself issued: its issuer without `https://`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html
 */
export function identityTokenLoginsKey(region: string): string {
  if (regionsOfTheGlobalIssuer.has(region)) return 'cognito-identity.amazonaws.com'
  return `cognito-identity.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

/** GetOpenIdTokenForDeveloperIdentity, signed by the server. Throws CredentialsError or UnavailableError. */
export async function getOpenIdTokenForDeveloperIdentity(
  service: Service,
  logins: Tokens,
  { identityId, tokenDurationSeconds, principalTags }: DeveloperIdentityOptions,
): Promise<IdentityToken> {
  const answer = await service.identity<{ IdentityId?: string; Token?: string }>(
    ({ GetOpenIdTokenForDeveloperIdentityCommand }) =>
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId: service.identityPoolId,
        Logins: { ...logins },
        ...(identityId !== undefined && { IdentityId: identityId }),
        ...(tokenDurationSeconds !== undefined && { TokenDuration: tokenDurationSeconds }),
        ...(principalTags && { PrincipalTags: { ...principalTags } }),
      }),
    { namesIdentity: identityId !== undefined },
  )
  return toIdentityToken('GetOpenIdTokenForDeveloperIdentity', answer.IdentityId, answer.Token)
}

/** The parts of a developer identity as one frozen object that shows no token when it is logged. */
export function toDeveloperIdentity(
  { identityId, token, expiration }: IdentityToken,
  parts: Pick<DeveloperIdentity, 'logins' | 'credentials' | 'classicCredentials'>,
): DeveloperIdentity {
  const identity = { identityId, token, expiration, ...parts }
  return Object.freeze(redacted(identity, { json: true }))
}

/** Throws {@link ConfigurationError} for a wrong or unknown option. */
export function assertDeveloperOptions(options: DeveloperIdentityOptions): void {
  const owner = 'developerIdentity'
  assertKnownOptions(owner, options, ['identityId', 'tokenDurationSeconds', 'principalTags'])
  const limits = { min: 1, max: 86_400, fallback: 900 }
  const { tokenDurationSeconds, principalTags = {} }: { [name: string]: unknown } = options
  optionalNumber(owner, 'tokenDurationSeconds', tokenDurationSeconds, limits)
  const areTexts = typeof principalTags === 'object' && principalTags !== null
  if (!areTexts || !Object.values(principalTags).every((value) => typeof value === 'string'))
    throw new ConfigurationError(
      `${owner}: "principalTags" must be names and texts: { department: 'sales' }.`,
    )
}
