import { SignInError } from '../../errors.ts'
import type { CognitoIdp } from '../cognito-idp.ts'
import type { UserPoolConfiguration } from '../options.ts'
import type { Conversation } from './conversation.ts'
import type { RespondOptions } from './sign-in.ts'
import { answerSrp, type SrpEphemeral, type SrpIdentity } from './srp.ts'

/** What InitiateAuth and RespondToAuthChallenge answer. */
export interface AuthOutput {
  AuthenticationResult?: {
    IdToken?: string
    AccessToken?: string
    RefreshToken?: string
    NewDeviceMetadata?: { DeviceKey?: string; DeviceGroupKey?: string }
  }
  ChallengeName?: string
  ChallengeParameters?: Record<string, string>
  Session?: string
  AvailableChallenges?: string[]
}

/** Who asks Cognito, and what may follow. */
export interface Turn extends Pick<Conversation, 'flow' | 'username' | 'userId' | 'device'>, RespondOptions {
  /** While the password is being proved: only the request for the proof may follow, or a choice where one was asked for. */
  proof?: { ephemeral: SrpEphemeral; password: string; orSelect?: true } | undefined
}

/** The two operations of a sign-in, with what every request says of who asks. */
export class AuthExchange {
  readonly #clientId: string
  readonly #idp: CognitoIdp

  constructor({ clientId }: UserPoolConfiguration, idp: CognitoIdp) {
    this.#clientId = clientId
    this.#idp = idp
  }

  initiate(turn: Turn, parameters: Record<string, string>): Promise<AuthOutput> {
    return this.#idp.call<AuthOutput>(
      ({ InitiateAuthCommand }) =>
        new InitiateAuthCommand({
          AuthFlow: turn.flow,
          ClientId: this.#clientId,
          AuthParameters: { ...this.#caller(turn), ...parameters },
          ClientMetadata: turn.clientMetadata,
        }),
    )
  }

  respond(
    turn: Turn,
    { challengeName, session }: { challengeName: string; session: string | undefined },
    responses: Record<string, string>,
  ): Promise<AuthOutput> {
    return this.#idp.call<AuthOutput>(
      ({ RespondToAuthChallengeCommand }) =>
        new RespondToAuthChallengeCommand({
          ChallengeName: challengeName as never,
          ClientId: this.#clientId,
          Session: session,
          ChallengeResponses: { ...responses, ...this.#caller(turn) },
          ClientMetadata: turn.clientMetadata,
        }),
    )
  }

  #caller({ userId, device }: Turn): Record<string, string> {
    const hash = this.#idp.secretHash(userId)
    return {
      USERNAME: userId,
      ...(hash !== undefined && { SECRET_HASH: hash }),
      ...(device && { DEVICE_KEY: device.deviceKey }),
    }
  }
}

/** The proof of a password, user's or device's, that an answer asks for. Throws {@link SignInError}. */
export function proofOf(
  { ChallengeParameters = {} }: AuthOutput,
  ephemeral: SrpEphemeral,
  identity: SrpIdentity,
): Record<string, string> {
  const { SALT: salt = '', SRP_B: srpB = '', SECRET_BLOCK: secretBlock = '' } = ChallengeParameters
  try {
    return answerSrp(ephemeral, identity, { salt, srpB, secretBlock })
  } catch (error) {
    throw new SignInError('unexpected_challenge', 'Cognito sent values that no honest server sends.', error)
  }
}

/** For an answer that Cognito would not give to this sign-in. */
export function unexpected(name: string | undefined): SignInError {
  const what = name === undefined ? 'tokens' : name.replace(/[^\w-]/g, '').slice(0, 64)
  return new SignInError(
    'unexpected_challenge',
    `Cognito answered with ${what}, which this sign-in did not ask for.`,
  )
}
