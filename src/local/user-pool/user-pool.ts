import type { Memory } from '../lib/memory.ts'
import { createAttemptLimits, type AttemptLimits } from './attempt-limits.ts'
import type { AuthSession, SrpSession } from './auth-sessions.ts'
import { createBrowserSessions, type BrowserSessions } from './browser-session.ts'
import type { Client } from './client.ts'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../lib/expiring-map.ts'
import type { Group } from './groups.ts'
import type { SigningKeys } from './keys.ts'
import type { ResolvedOptions } from '../options/options.ts'
import { createConfirmationCodes, type ConfirmationCodes } from './confirmation-codes.ts'
import type { SoftwareToken } from './mfa.ts'
import type { Outbox } from './outbox.ts'
import type { PasskeyRegistration } from './passkey.ts'
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.ts'
import { createLockouts, type Lockouts } from './lockouts.ts'
import type { Settings } from './settings.ts'
import { createSignIns, type SignIns } from './sign-ins.ts'
import { createSrpVerifiers, type SrpVerifiers } from './srp-verifiers.ts'
import type { User } from './user.ts'
import { createUsers, type Users } from './users.ts'

/** What an authorization code stands for, and to what it is bound (RFC 6749 §4.1.2, RFC 7636 §4.4). */
export interface AuthorizationCode {
  user: User
  client: Client
  redirectUri: string
  scopes: readonly string[]
  codeChallenge: string | undefined
  nonce: string | undefined
  /** The API that the access token will be for (RFC 8707). */
  resource: string | undefined
  authTime: number
}

/** Everything that the local user pool knows. Handlers read and change it; nothing else does. */
export interface UserPool {
  url: string
  userPoolId: string
  region: string
  issuer: string
  clock: Clock
  /** Seconds since the epoch. */
  createdAt: number
  keys: SigningKeys
  settings: Settings
  users: Users
  groups: Map<string, Group>
  clients: Map<string, Client>
  confirmationCodes: ConfirmationCodes
  attemptLimits: AttemptLimits
  outbox: Outbox
  codes: ExpiringMap<AuthorizationCode>
  /** By `Session` of the API, or by the hidden field of the login page. */
  authSessions: ExpiringMap<AuthSession>
  /** By `SECRET_BLOCK`: Cognito takes the answer of an SRP question without a `Session` too. */
  srpSessions: ExpiringMap<SrpSession>
  srpVerifiers: SrpVerifiers
  lockouts: Lockouts
  /** By `sub`: associated with an authenticator app, and not yet verified. */
  unverifiedSoftwareTokens: ExpiringMap<SoftwareToken>
  /** By `sub`: passkeys that are being made. */
  passkeyRegistrations: ExpiringMap<PasskeyRegistration>
  /** What phantoms are made of. */
  hiddenKey: string
  signIns: SignIns
  refreshTokens: RefreshTokens
  browserSessions: BrowserSessions
}

/** What the pool shares with the rest of the server. */
interface PoolSurroundings {
  url: string
  clock: Clock
  keys: SigningKeys
  outbox: Outbox
  memory: Memory
}

export function createUserPool(
  options: ResolvedOptions,
  { url, clock, keys, outbox, memory }: PoolSurroundings,
): UserPool {
  const { userPoolId, region, settings } = options
  const groups = memory.map<Group>('groups')
  for (const [name, group] of options.groups) if (!groups.has(name)) groups.set(name, group)
  return {
    url,
    userPoolId,
    region,
    issuer: options.issuer ?? `${url}/${userPoolId}`,
    clock,
    createdAt: clock.now() / 1000,
    keys,
    groups,
    settings,
    users: createUsers(settings, options.users, memory),
    clients: new Map(options.clients.map((client) => [client.clientId, client])),
    confirmationCodes: createConfirmationCodes(clock, memory),
    attemptLimits: createAttemptLimits(clock),
    outbox,
    codes: createExpiringMap(clock),
    authSessions: createExpiringMap(clock),
    srpSessions: createExpiringMap(clock),
    srpVerifiers: createSrpVerifiers(),
    lockouts: createLockouts(clock),
    unverifiedSoftwareTokens: createExpiringMap(clock),
    passkeyRegistrations: createExpiringMap(clock),
    hiddenKey: `phantoms of ${userPoolId}`,
    signIns: createSignIns(clock, memory),
    refreshTokens: createRefreshTokens(clock, memory),
    browserSessions: createBrowserSessions(clock, `cognito-${new URL(url).port || '80'}`, memory),
  }
}
