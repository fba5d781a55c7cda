import { SessionEndedError, type SignInError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { hasCode } from '../lib/has-code.ts'
import type { CognitoIdp } from './cognito-idp.ts'
import type { UserPoolConfiguration } from './options.ts'
import { areTokens, type Tokens, tokensFromApi } from './tokens.ts'

/** Cognito's words for a refusal of the refresh token itself; anything else is a fault, or somebody's set-up. */
const refusals: ReadonlySet<string> = new Set(['NotAuthorizedException', 'UserNotFoundException'])

/**
 * New tokens for those of a direct sign-in (GetTokensFromRefreshToken), which also serves app clients that rotate
 * refresh tokens. Tokens that are tied to a device are refreshed with its key. Not verified yet. Throws
 * {@link SessionEndedError} when Cognito refuses the refresh token, and only then.
 */
export async function refreshThroughApi(
  { clientId, clientSecret }: UserPoolConfiguration,
  idp: CognitoIdp,
  tokens: Tokens & { refreshToken: string },
): Promise<Tokens> {
  const { refreshToken, deviceKey } = tokens
  const input = {
    ClientId: clientId,
    ClientSecret: clientSecret,
    RefreshToken: refreshToken,
    DeviceKey: deviceKey,
  }
  const { AuthenticationResult } = await idp
    .call<{ AuthenticationResult?: object }>(
      ({ GetTokensFromRefreshTokenCommand }) => new GetTokensFromRefreshTokenCommand(input),
    )
    .catch((error: unknown) => {
      throw refused(error)
        ? new SessionEndedError(explanation(error, deviceKey), summarise(error))
        : passing(error)
    })
  const refreshed = tokensFromApi(AuthenticationResult ?? {}, tokens)
  if (!areTokens(refreshed)) throw new UnavailableError('Cognito returned no tokens.')
  return refreshed
}

/** Ends the refresh token and all tokens of its sign-in (RevokeToken). */
export async function revokeThroughApi(
  { clientId, clientSecret }: UserPoolConfiguration,
  idp: CognitoIdp,
  refreshToken: string,
): Promise<void> {
  const input = { ClientId: clientId, ClientSecret: clientSecret, Token: refreshToken }
  await idp
    .call(({ RevokeTokenCommand }) => new RevokeTokenCommand(input))
    .catch((error: unknown) => {
      throw new UnavailableError('The refresh token could not be revoked.', summarise(error))
    })
}

function refused(error: unknown): error is SignInError {
  if (!hasCode<SignInError>(error, 'ERR_COGNITO_SIGN_IN')) return false
  return refusals.has(error.reason) || error.reason === 'RefreshTokenReuseException'
}

/** Throttling and the like sign nobody out. */
function passing(error: unknown): unknown {
  if (!hasCode<SignInError>(error, 'ERR_COGNITO_SIGN_IN')) return error
  return new UnavailableError('The tokens could not be refreshed.', summarise(error))
}

function explanation({ message }: SignInError, deviceKey: string | undefined): string | undefined {
  if (!/invalid refresh token/i.test(message)) return undefined
  const device =
    deviceKey === undefined
      ? 'If the pool tracks devices, a refresh needs the key of the device: keep `deviceKey` of the tokens.'
      : 'If the pool tracks devices, the device must be confirmed before the first refresh: userPool.confirmDevice(step.newDevice).'
  return `The sign-in has ended: Cognito no longer accepts its refresh token. ${device}`
}
