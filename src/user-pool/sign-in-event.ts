import { Events, named, type NamedError } from '../lib/events.ts'

/** What the channel `passport-cognito-identity:sign-in` says. */
export interface SignInEvent extends Omit<NamedError, 'reason'> {
  type: 'succeeded' | 'failed'
  /** The managed login, through the strategy, or `signIn()` and `respond()`. */
  by: 'strategy' | 'direct'
  userPoolId: string
  clientId: string
  /** Of the error, or `refused_by_app`: the `verify` callback of the strategy let nobody in. */
  reason?: NamedError['reason'] | 'refused_by_app'
}

interface Pool {
  readonly userPoolId: string
  readonly clientId: string
}

const events = new Events<SignInEvent>('sign-in')

/** Tells how one sign-in went. */
export function tellSignIn(
  { userPoolId, clientId }: Pool,
  by: SignInEvent['by'],
  outcome: { type: 'succeeded' } | { type: 'failed'; error?: unknown; reason?: 'refused_by_app' },
): void {
  const { type } = outcome
  const failure = type === 'failed' && {
    ...named(outcome.error),
    ...(outcome.reason && { reason: outcome.reason }),
  }
  events.publish({ type, by, userPoolId, clientId, ...failure })
}
