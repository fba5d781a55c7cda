import { ConfigurationError } from './errors.ts'
import type { CredentialsEvent } from './identity/credentials-cache.ts'
import { listen } from './lib/events.ts'
import type { DeniedEvent } from './middleware/deny.ts'
import type { LogoutEvent } from './middleware/logout.ts'
import type { StoreEvent } from './shared-store/limited-store.ts'
import type { RefreshEvent } from './user-pool/refresh-event.ts'
import type { SignInEvent } from './user-pool/sign-in-event.ts'

/** What can be listened to, by the names of the channels without `passport-cognito-identity:`. */
export interface CognitoEvents {
  credentials: CredentialsEvent
  denied: DeniedEvent
  logout: LogoutEvent
  refresh: RefreshEvent
  'sign-in': SignInEvent
  store: StoreEvent
}

const names: Readonly<Record<keyof CognitoEvents, true>> = {
  credentials: true,
  denied: true,
  logout: true,
  refresh: true,
  'sign-in': true,
  store: true,
}

/**
 * Calls a listener with what the package says it does, until the function that comes back is called. Payloads hold no
 * secret and nothing of a user. A listener that throws or rejects changes nothing; the first time is a process warning.
 * Throws {@link ConfigurationError} for a name that does not exist.
 */
export function onEvent<Name extends keyof CognitoEvents>(
  name: Name,
  listener: (event: CognitoEvents[Name]) => unknown,
): () => void {
  if (typeof name !== 'string' || !Object.hasOwn(names, name) || typeof listener !== 'function') {
    throw new ConfigurationError(
      `onEvent takes one of ${Object.keys(names).join(', ')}, and a function: onEvent('refresh', (event) => …).`,
    )
  }
  return listen(name, listener)
}
