import { SignInError } from '../../errors.ts'
import type { Seal } from '../../lib/seal.ts'
import type { UserPoolConfiguration } from '../options.ts'
import type { Challenge } from './challenge.ts'
import type { Device } from './device.ts'
import type { SignInFlow } from './sign-in.ts'

/** What is sealed into a challenge: where the conversation stands. */
export interface Conversation {
  flow: SignInFlow
  /** Cognito's name of the challenge. */
  challengeName: string
  session: string
  /** The name that Cognito wants in the next answer: its own one for the user, once it has told it. */
  userId: string
  username: string
  expiresAt: number
  device?: Device | undefined
  /** MFA_SETUP: the session that goes with the new authenticator secret. */
  totpSession?: string | undefined
}

/** Cognito keeps a challenge for three minutes by default (`AuthSessionValidity`); its own clock decides, up to fifteen. */
const LIFETIME_MS = 15 * 60_000
/** Three cookies' worth; a conversation with a device in it has about 3 kB. */
const MAX_SEALED_LENGTH = 12_288

/** When a challenge that is asked now is too late to answer here. */
export function expiryOf(now: number): number {
  return now + LIFETIME_MS
}

/** Seals and opens conversations: bound to pool, client and, if the app names one, the browser. */
export class Conversations {
  readonly #seal: Seal
  readonly #context: string

  constructor({ userPoolId, clientId }: UserPoolConfiguration, seal: Seal) {
    this.#seal = seal
    this.#context = JSON.stringify(['challenge', userPoolId, clientId])
  }

  seal(conversation: Conversation, binding = ''): string {
    return this.#seal.seal(conversation, this.#context + binding)
  }

  /**
   * Where the conversation of a challenge stands; what the challenge says in clear must agree with it. Throws
   * {@link SignInError}.
   */
  open(challenge: Pick<Challenge, 'sealed'> & Partial<Challenge>, binding = ''): Conversation {
    const { sealed, username } = challenge
    const readable = typeof sealed === 'string' && sealed.length <= MAX_SEALED_LENGTH
    const conversation = readable
      ? (this.#seal.open(sealed, this.#context + binding) as Conversation)
      : undefined
    const told = challenge.name === 'UNKNOWN' ? challenge.challengeName : challenge.name
    if (
      !conversation ||
      (username !== undefined && username !== conversation.username) ||
      (told !== undefined && told !== conversation.challengeName)
    ) {
      throw new SignInError(
        'challenge_invalid',
        'The challenge was altered, or sealed by another app, pool, client or browser. Several processes need the same "sealingKey".',
      )
    }
    if (Date.now() > conversation.expiresAt) {
      throw new SignInError('challenge_expired', 'The challenge is older than fifteen minutes.')
    }
    return conversation
  }
}
