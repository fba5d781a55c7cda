import { SignInError } from '../../errors.ts'
import { hasCode } from '../../lib/has-code.ts'
import { tellSignIn } from '../sign-in-event.ts'
import type { Tokens } from '../tokens.ts'
import type { Challenge, ChallengeAnswer } from './challenge.ts'
import type { Conversation } from './conversation.ts'
import type { Device, NewDevice } from './device.ts'
import type { Turn } from './exchange.ts'
import { DeviceRefused, proceed, type SignInParts } from './progress.ts'
import { credentialOf, requireAnswer, responsesOf } from './responses.ts'
import { createEphemeral } from './srp.ts'

/** How a direct sign-in begins; the app client must allow it. */
export type SignInFlow = 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH' | 'USER_AUTH' | 'CUSTOM_AUTH'

/** What {@link UserPool.signIn} takes. */
export interface SignInOptions {
  username: string
  /** It leaves in clear only with `USER_PASSWORD_AUTH` and the choice `PASSWORD`. `CUSTOM_AUTH` may do without. */
  password?: string | undefined
  /** Default `USER_SRP_AUTH`: the password is proved, not sent. */
  flow?: SignInFlow | undefined
  /** `USER_AUTH`: the factor to begin with; without it, or where it cannot be had, Cognito asks. */
  preferredChallenge?: 'PASSWORD' | 'PASSWORD_SRP' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN' | undefined
  /** A device that was confirmed for this user; that of another user is left out. */
  device?: Device | undefined
  /** Handed to the pool's triggers. */
  clientMetadata?: Record<string, string> | undefined
  /** Anything that names this browser, such as its session id: a challenge can then be answered there only. */
  binding?: string | undefined
}

/** What {@link UserPool.respond} takes beside challenge and answer. */
export type RespondOptions = Pick<SignInOptions, 'clientMetadata' | 'binding'>

/** Where a direct sign-in stands. Tokens are verified. */
export type SignInStep =
  | {
      status: 'signed-in'
      tokens: Tokens
      /** Where the pool tracks devices: confirm it, or the tokens cannot be refreshed. */
      newDevice?: NewDevice
      /** The device that was given is not known to Cognito any more: drop it. */
      deviceForgotten?: true
    }
  | { status: 'challenge'; challenge: Challenge }

/** Begins a direct sign-in (InitiateAuth). */
export function signIn(parts: SignInParts, options: SignInOptions): Promise<SignInStep> {
  return told(parts, begin(parts, options))
}

async function begin(parts: SignInParts, options: SignInOptions): Promise<SignInStep> {
  const { device, username } = options
  if (typeof username !== 'string' || username === '') {
    throw new SignInError('InvalidParameterException', 'The sign-in needs "username".')
  }
  // Whose device it is was told when it was confirmed: on a shared browser it is not everybody's.
  const own = device?.username === username ? device : undefined
  try {
    return await initiate(parts, options, own)
  } catch (error) {
    if (!own || !isDeviceGone(error)) throw error
    const step = await initiate(parts, options, undefined)
    return step.status === 'signed-in' ? { ...step, deviceForgotten: true } : step
  }
}

/** Goes on with a direct sign-in (RespondToAuthChallenge). */
export function respond<C extends Challenge>(
  parts: SignInParts,
  challenge: C,
  answer: ChallengeAnswer<C>,
  options: RespondOptions,
): Promise<SignInStep> {
  return told(parts, goOn(parts, challenge, answer, options))
}

/** A question is no end of a sign-in, so nothing is said of it. */
async function told({ pool }: SignInParts, step: Promise<SignInStep>): Promise<SignInStep> {
  try {
    const { status } = await step
    if (status === 'signed-in') tellSignIn(pool, 'direct', { type: 'succeeded' })
  } catch (error) {
    tellSignIn(pool, 'direct', { type: 'failed', error })
  }
  return step
}

async function goOn<C extends Challenge>(
  parts: SignInParts,
  challenge: C,
  answer: ChallengeAnswer<C>,
  options: RespondOptions,
): Promise<SignInStep> {
  const conversation = parts.conversations.open(challenge, options.binding)
  const turn: Turn = { ...options, ...conversation }
  const given = { ...(answer as Record<string, unknown>) }
  try {
    return await answerWith(parts, conversation, turn, given)
  } catch (error) {
    // Without the password there is no second try: the person starts again, and then without the device.
    throw error instanceof DeviceRefused ? error.cause : error
  }
}

async function initiate(
  parts: SignInParts,
  options: SignInOptions,
  device: Device | undefined,
): Promise<SignInStep> {
  const { username, flow = 'USER_SRP_AUTH', clientMetadata, binding } = options
  const { parameters, proof } = openingOf(flow, options)
  const turn: Turn = { flow, username, userId: username, device, clientMetadata, binding, proof }
  return proceed(parts, await parts.exchange.initiate(turn, parameters), turn)
}

/** The first request of each flow, beside who asks. */
function openingOf(
  flow: SignInFlow,
  { password, preferredChallenge }: SignInOptions,
): { parameters: Record<string, string>; proof?: Turn['proof'] } {
  const prove = (parameters: Record<string, string>, orSelect?: true) => {
    const proof = {
      ephemeral: createEphemeral(),
      password: needPassword(password),
      ...(orSelect && { orSelect }),
    }
    return { parameters: { ...parameters, SRP_A: proof.ephemeral.srpA }, proof }
  }
  if (flow === 'USER_SRP_AUTH') return prove({})
  if (flow === 'USER_PASSWORD_AUTH') return { parameters: { PASSWORD: needPassword(password) } }
  if (flow === 'CUSTOM_AUTH') {
    return password === undefined ? { parameters: {} } : prove({ CHALLENGE_NAME: 'SRP_A' })
  }
  if (preferredChallenge === undefined) return { parameters: {} }
  const preferred = { PREFERRED_CHALLENGE: preferredChallenge }
  if (preferredChallenge === 'PASSWORD_SRP') return prove(preferred, true)
  if (preferredChallenge === 'PASSWORD')
    return { parameters: { ...preferred, PASSWORD: needPassword(password) } }
  return { parameters: preferred }
}

function needPassword(password: unknown): string {
  if (typeof password === 'string' && password !== '') return password
  throw new SignInError('InvalidParameterException', 'The sign-in needs "password".')
}

function answerWith(
  parts: SignInParts,
  conversation: Conversation,
  turn: Turn,
  answer: Record<string, unknown>,
): Promise<SignInStep> {
  const { challengeName } = conversation
  if (challengeName === 'MFA_SETUP') return setUpMfa(parts, conversation, turn, answer)
  if (challengeName === 'SELECT_CHALLENGE') return select(parts, conversation, turn, answer)
  if (challengeName === 'PASSWORD_SRP') return proveLater(parts, conversation, turn, answer, {})
  return go(parts, conversation, turn, responsesOf(challengeName, answer))
}

async function go(
  parts: SignInParts,
  challenge: { challengeName: string; session: string | undefined },
  turn: Turn,
  responses: Record<string, string>,
): Promise<SignInStep> {
  return proceed(parts, await parts.exchange.respond(turn, challenge, responses), turn)
}

function select(
  parts: SignInParts,
  conversation: Conversation,
  turn: Turn,
  answer: Record<string, unknown>,
): Promise<SignInStep> {
  const choice = requireAnswer('SELECT_CHALLENGE', answer, 'choice')
  const chosen = { ANSWER: choice }
  if (choice === 'PASSWORD_SRP') return proveLater(parts, conversation, turn, answer, chosen)
  const more = (): Record<string, string> => {
    if (choice === 'PASSWORD') return { PASSWORD: requireAnswer('PASSWORD', answer, 'password') }
    if (choice !== 'WEB_AUTHN' || answer['credential'] === undefined) return {}
    return { CREDENTIAL: credentialOf('SELECT_CHALLENGE', answer) }
  }
  return go(parts, conversation, turn, { ...chosen, ...more() })
}

/** The password is proved in the middle of a conversation. */
function proveLater(
  parts: SignInParts,
  conversation: Conversation,
  turn: Turn,
  answer: Record<string, unknown>,
  responses: Record<string, string>,
): Promise<SignInStep> {
  const proof = { ephemeral: createEphemeral(), password: requireAnswer('PASSWORD_SRP', answer, 'password') }
  return go(parts, conversation, { ...turn, proof }, { ...responses, SRP_A: proof.ephemeral.srpA })
}

/** An address for codes, or the first code of an authenticator app, which is checked before the answer (VerifySoftwareToken). */
async function setUpMfa(
  parts: SignInParts,
  conversation: Conversation,
  turn: Turn,
  answer: Record<string, unknown>,
): Promise<SignInStep> {
  if (answer['email'] !== undefined) {
    return go(parts, conversation, turn, { EMAIL: requireAnswer('MFA_SETUP', answer, 'email') })
  }
  const verification = {
    Session: conversation.totpSession,
    UserCode: requireAnswer('MFA_SETUP', answer, 'code'),
    FriendlyDeviceName: answer['deviceName'] as string | undefined,
  }
  const { Status, Session } = await parts.idp.call<{ Status?: string; Session?: string }>(
    ({ VerifySoftwareTokenCommand }) => new VerifySoftwareTokenCommand(verification),
  )
  if (Status !== 'SUCCESS') throw new SignInError('CodeMismatchException', 'The code of the app is wrong.')
  return go(parts, { challengeName: 'MFA_SETUP', session: Session }, turn, {})
}

/** Where Cognito says that it does not know the device. */
function isDeviceGone(error: unknown): boolean {
  if (error instanceof DeviceRefused) return true
  return (
    hasCode<SignInError>(error, 'ERR_COGNITO_SIGN_IN') &&
    error.reason === 'ResourceNotFoundException' &&
    /device/i.test(error.message)
  )
}
