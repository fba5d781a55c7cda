import { Events, named, type NamedError } from '../lib/events.ts'
import type { UserPoolConfiguration } from './options.ts'

/** What the channel `passport-cognito-identity:refresh` says. */
export interface RefreshEvent extends NamedError {
  /**
   * `adopted`: another process had refreshed the tokens. `failed`: they could not be refreshed now, and nobody is signed out.
   * `ended`: the sign-in is over.
   */
  type: 'refreshed' | 'adopted' | 'failed' | 'ended'
  userPoolId: string
  clientId: string
}

const events = new Events<RefreshEvent>('refresh')

/** Tells how one refresh went. */
export function tellRefresh(
  { userPoolId, clientId }: UserPoolConfiguration,
  type: RefreshEvent['type'],
  error?: Error,
): void {
  const { reason } = named(error?.cause)
  events.publish({ type, userPoolId, clientId, ...named(error), ...(reason && { reason }) })
}
