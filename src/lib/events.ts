import { type Channel, channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import type {
  CallbackErrorReason,
  CognitoError,
  CognitoErrorCode,
  CredentialsErrorReason,
  InvalidTokenReason,
  SignInErrorReason,
} from '../errors.ts'
import { hasCode } from './has-code.ts'

const PREFIX = 'passport-cognito-identity:'

/**
 * Channels of `node:diagnostics_channel` on which the package says what it does: `passport-cognito-identity:NAME`.
 * Payloads hold no secrets. Costs nothing while nobody listens.
 */
export class Events<Payload extends object> {
  readonly #channel: Channel

  constructor(name: string) {
    this.#channel = channel(PREFIX + name)
  }

  publish(payload: Payload): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(payload)
  }
}

/** The reasons of all errors: closed lists. */
export type ErrorReason =
  CallbackErrorReason | CredentialsErrorReason | InvalidTokenReason | SignInErrorReason

/** What an event says of an error: names out of closed lists, and none of its words. */
export interface NamedError {
  /** Absent where the app's own code failed. */
  error?: CognitoErrorCode
  reason?: ErrorReason
}

export function named(error: unknown): NamedError {
  if (!hasCode<CognitoError & { reason?: ErrorReason }>(error)) return {}
  return { error: error.code, ...(error.reason !== undefined && { reason: error.reason }) }
}

/**
 * Listens to a channel until the function that comes back is called. A listener of `node:diagnostics_channel` that throws ends
 * the process; this one may throw or reject, which is said once, without its words: they may quote what it was told.
 */
export function listen(name: string, listener: (payload: never) => unknown): () => void {
  let warned = false
  const warn = () => {
    if (warned) return
    warned = true
    process.emitWarning(`A listener to "${name}" fails; nothing else is affected.`, {
      type: 'CognitoEventWarning',
      code: 'COGNITO_EVENT_LISTENER',
    })
  }
  const hear = (payload: unknown) => {
    try {
      Promise.resolve(listener(payload as never)).catch(warn)
    } catch {
      warn()
    }
  }
  subscribe(PREFIX + name, hear)
  return () => void unsubscribe(PREFIX + name, hear)
}
