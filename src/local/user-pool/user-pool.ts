import type { Memory } from '../lib/memory.ts'
import { createAttemptLimits, type AttemptLimits } from './attempt-limits.ts'
import type { AuthSession, SrpSession } from './auth-sessions.ts'
import { createBrowserSessions, type BrowserSessions } from './browser-session.ts'
import type { Client } from './client.ts'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../lib/expiring-map.ts'
import type { Group } from './groups.ts'
import type { SigningKeys } from './keys.ts'
import type { ResolvedPool } from '../options/pool-options.ts'
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

/** Everything that a local user pool knows. Handlers read and change it; nothing else does. */
export interface UserPool {
  /** Of the server: the API answers here. */
  url: string
  /** Below it the managed login begins: nothing for the first pool, the pool's id for others. */
  domainPath: string
  userPoolId: string
  name: string
  region: string
  issuer: string
  clock: Clock
  /** Seconds since the epoch. */
  createdAt: number
  /** Seconds since the epoch. */
  modifiedAt: number
  /** Whoever still holds the pool finds nothing in it. */
  isDeleted: boolean
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

/** What a pool begins with. Unlike those of the options, one may have no client. */
export type PoolDescription = Omit<ResolvedPool, 'clients'> & { clients: readonly Client[] }

/** What a pool has from the server. */
interface PoolSurroundings {
  url: string
  /** Default: none, as the first pool has it. */
  domainPath?: string
  clock: Clock
  keys: SigningKeys
  outbox: Outbox
  memory: Memory
}

export function createUserPool(
  options: PoolDescription,
  { url, domainPath = '', clock, keys, outbox, memory }: PoolSurroundings,
): UserPool {
  const { userPoolId, region, name, settings } = options
  const now = clock.now() / 1000
  const groups = memory.map<Group>('groups')
  for (const [groupName, group] of options.groups) if (!groups.has(groupName)) groups.set(groupName, group)
  return {
    url,
    domainPath,
    userPoolId,
    name,
    region,
    issuer: options.issuer ?? `${url}/${userPoolId}`,
    clock,
    createdAt: now,
    modifiedAt: now,
    isDeleted: false,
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
    browserSessions: createBrowserSessions(clock, cookieName(url, domainPath), memory),
  }
}

/** Where the managed login is: endpoints and pages begin with it. */
export function domainOf({ url, domainPath }: UserPool): string {
  return url + domainPath
}

/** Each pool has a session of its own in a browser, as each domain on Amazon. */
function cookieName(url: string, domainPath: string): string {
  return `cognito-${new URL(url).port || '80'}${domainPath.replace('/', '-')}`
}
