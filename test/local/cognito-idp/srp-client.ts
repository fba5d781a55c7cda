import {
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
} from 'cognito-srp-helper'

/** One SRP sign-in as cognito-srp-helper does it: a client that shares no code with this project. */
export interface SrpSignIn {
  session: ReturnType<typeof createSrpSession>
  /** The answer to `USER_SRP_AUTH`. */
  first: InitiateAuthCommandOutput
  /** Proves the password. */
  answer: (
    changes?: Record<string, string>,
    more?: { Session?: string | undefined; timestamp?: string },
  ) => Promise<InitiateAuthCommandOutput>
}

export interface SrpOptions {
  clientId?: string
  /** Entries of `AuthParameters` beside the usual ones. */
  parameters?: Record<string, string>
  flow?: 'USER_SRP_AUTH' | 'CUSTOM_AUTH'
}

export async function beginSrp(
  sdk: CognitoIdentityProviderClient,
  userPoolId: string,
  { username, password }: { username: string; password: string },
  { clientId = 'public1', parameters = {}, flow = 'USER_SRP_AUTH' }: SrpOptions = {},
): Promise<SrpSignIn> {
  const session = createSrpSession(username, password, userPoolId, false)
  const first = await sdk.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: flow,
      AuthParameters: { USERNAME: username, SRP_A: session.largeA, ...parameters },
    }),
  )
  const answer: SrpSignIn['answer'] = (changes = {}, { Session, timestamp } = {}) => {
    const signed = signSrpSession(
      { ...session, ...(timestamp === undefined ? {} : { timestamp }) },
      first as never,
    )
    return sdk.send(
      challengeCommand(signed, 'PASSWORD_VERIFIER', clientId, { USERNAME: username, ...changes }, Session),
    )
  }
  return { session, first, answer }
}

/** The two steps of a remembered device. */
export async function proveDevice(
  sdk: CognitoIdentityProviderClient,
  { session }: SrpSignIn,
  asked: InitiateAuthCommandOutput,
  device: { username: string; key: string; groupKey: string; password: string },
): Promise<InitiateAuthCommandOutput> {
  const responses = { USERNAME: device.username, DEVICE_KEY: device.key }
  const second = await sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId: 'public1',
      ChallengeName: 'DEVICE_SRP_AUTH',
      ChallengeResponses: { ...responses, SRP_A: session.largeA },
      Session: asked.Session,
    }),
  )
  const signed = signSrpSessionWithDevice(session, second as never, device.groupKey, device.password)
  return sdk.send(challengeCommand(signed, 'DEVICE_PASSWORD_VERIFIER', 'public1', responses, second.Session))
}

function challengeCommand(
  signed: ReturnType<typeof signSrpSession>,
  name: ChallengeNameType,
  clientId: string,
  responses: Record<string, string>,
  session: string | undefined,
): RespondToAuthChallengeCommand {
  const { ChallengeResponses } = wrapAuthChallenge(signed, {
    ClientId: clientId,
    ChallengeName: name,
    ChallengeResponses: {},
  })
  return new RespondToAuthChallengeCommand({
    ClientId: clientId,
    ChallengeName: name,
    ChallengeResponses: { ...ChallengeResponses, ...responses },
    Session: session,
  })
}
