import { type InvalidTokenError, SignInError } from '../../errors.ts'
import { hasCode } from '../../lib/has-code.ts'
import { redacted } from '../../lib/redacted.ts'
import type { Verifier } from '../verify.ts'
import type { CognitoIdp } from '../cognito-idp.ts'
import type { UserPoolConfiguration } from '../options.ts'
import { areTokens, tokensFromApi } from '../tokens.ts'
import { verifyTokens } from '../user.ts'
import type { Challenge } from './challenge.ts'
import { type Conversation, type Conversations, expiryOf } from './conversation.ts'
import type { Device } from './device.ts'
import { type AuthExchange, type AuthOutput, proofOf, type Turn, unexpected } from './exchange.ts'
import { questionOf, totpSetUp } from './questions.ts'
import type { SignInStep } from './sign-in.ts'
import { createEphemeral } from './srp.ts'

/** Cognito does not know the device any more, or refuses its proof. */
export class DeviceRefused extends Error {}

/** What the parts of a direct sign-in share. */
export interface SignInParts {
  pool: UserPoolConfiguration
  idp: CognitoIdp
  verifier: Verifier
  exchange: AuthExchange
  conversations: Conversations
}

/**
 * What an answer of Cognito leads to: proofs are given without asking anybody, tokens are verified, everything else is
 * a question for the person.
 */
export async function proceed(
  parts: SignInParts,
  output: AuthOutput,
  { proof, ...turn }: Turn,
): Promise<SignInStep> {
  const { ChallengeName: name, AuthenticationResult: result, ChallengeParameters } = output
  const next: Turn = { ...turn, userId: ChallengeParameters?.['USER_ID_FOR_SRP'] ?? turn.userId }
  if (proof) {
    if (name === 'PASSWORD_VERIFIER') return provePassword(parts, output, next, proof)
    if (!(proof.orSelect && name === 'SELECT_CHALLENGE')) throw unexpected(name)
  }
  if (result) return signedIn(parts, result, next)
  if (name === 'DEVICE_SRP_AUTH' && next.device) return proveDevice(parts, output, next, next.device)
  // Only who chose to send the password may be asked for it, and a proof follows only what begins one.
  const inClear = name === 'PASSWORD' && turn.flow !== 'USER_AUTH'
  if (name === undefined || inClear || /^DEVICE_|VERIFIER$/.test(name)) throw unexpected(name)
  return { status: 'challenge', challenge: await ask(parts, name, output, next) }
}

async function provePassword(
  parts: SignInParts,
  output: AuthOutput,
  turn: Turn,
  { ephemeral, password }: NonNullable<Turn['proof']>,
): Promise<SignInStep> {
  const { userPoolId } = parts.pool
  const group = userPoolId.slice(userPoolId.indexOf('_') + 1)
  const claims = proofOf(output, ephemeral, { group, id: turn.userId, password })
  const challenge = { challengeName: 'PASSWORD_VERIFIER', session: output.Session }
  return proceed(parts, await parts.exchange.respond(turn, challenge, claims), turn)
}

async function proveDevice(
  parts: SignInParts,
  output: AuthOutput,
  turn: Turn,
  { deviceKey: id, deviceGroupKey: group, password }: Device,
): Promise<SignInStep> {
  const respond = (challengeName: string, session: string | undefined, responses: Record<string, string>) =>
    parts.exchange.respond(turn, { challengeName, session }, responses).catch((error: unknown) => {
      const refused = hasCode<SignInError>(error, 'ERR_COGNITO_SIGN_IN') && error.status < 429
      throw refused ? new DeviceRefused(undefined, { cause: error }) : error
    })
  const ephemeral = createEphemeral()
  const asked = await respond('DEVICE_SRP_AUTH', output.Session, { SRP_A: ephemeral.srpA })
  if (asked.ChallengeName !== 'DEVICE_PASSWORD_VERIFIER') throw unexpected(asked.ChallengeName)
  const claims = proofOf(asked, ephemeral, { group, id, password })
  return proceed(parts, await respond('DEVICE_PASSWORD_VERIFIER', asked.Session, claims), turn)
}

async function ask(
  { pool, idp, conversations }: SignInParts,
  name: string,
  output: AuthOutput,
  { flow, username, userId, device, binding }: Turn,
): Promise<Challenge> {
  const question = questionOf(name, output.ChallengeParameters ?? {}, output.AvailableChallenges)
  const expiresAt = expiryOf(Date.now())
  const session = output.Session ?? ''
  const conversation: Conversation = {
    flow,
    challengeName: name,
    session,
    userId,
    username,
    device,
    expiresAt,
  }
  if (name === 'MFA_SETUP' && (question['choices'] as string[]).includes('SOFTWARE_TOKEN_MFA')) {
    const { SecretCode, Session } = await idp.call<{ SecretCode?: string; Session?: string }>(
      ({ AssociateSoftwareTokenCommand }) => new AssociateSoftwareTokenCommand({ Session: output.Session }),
    )
    // The first session is kept for the choice of e-mail. Whether Cognito still takes it then is not documented.
    conversation.totpSession = Session
    question['totp'] = totpSetUp(SecretCode ?? '', username, pool.totpIssuer)
  }
  return {
    ...question,
    username,
    expiresAt,
    sealed: conversations.seal(conversation, binding),
  } as unknown as Challenge
}

async function signedIn(
  { pool, verifier }: SignInParts,
  result: NonNullable<AuthOutput['AuthenticationResult']>,
  { username, device }: Turn,
): Promise<SignInStep> {
  const { DeviceKey, DeviceGroupKey } = result.NewDeviceMetadata ?? {}
  const deviceKey = DeviceKey ?? device?.deviceKey
  const tokens = tokensFromApi(result, deviceKey === undefined ? {} : { deviceKey })
  if (!areTokens(tokens)) throw wrongTokens()
  pool.clock.compare(tokens.idToken)
  await verifyTokens(verifier, tokens).catch((error: unknown) => {
    throw hasCode<InvalidTokenError>(error, 'ERR_COGNITO_INVALID_TOKEN') ? wrongTokens(error) : error
  })
  const { accessToken } = tokens
  const newDevice =
    DeviceKey !== undefined && DeviceGroupKey !== undefined
      ? redacted({ deviceKey: DeviceKey, deviceGroupKey: DeviceGroupKey, username, accessToken })
      : undefined
  return { status: 'signed-in', tokens, ...(newDevice && { newDevice }) }
}

function wrongTokens(cause?: unknown): SignInError {
  return new SignInError('token_response_invalid', 'The tokens of the sign-in do not verify.', cause)
}
