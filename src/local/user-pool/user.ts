import { createHash } from 'node:crypto'
import type { MfaPreference } from './mfa.ts'
import type { Device } from './devices.ts'
import type { Passkey } from './passkey.ts'

/** `ARCHIVED`, `UNKNOWN` and `COMPROMISED` of the API never occur here. */
export type UserStatus =
  'UNCONFIRMED' | 'CONFIRMED' | 'EXTERNAL_PROVIDER' | 'RESET_REQUIRED' | 'FORCE_CHANGE_PASSWORD'

/** A user of the local pool. Attributes are strings, as Cognito stores them. */
export interface User {
  /** The internal name, which never changes; equal to `sub` in pools whose users sign in with e-mail or phone. */
  readonly username: string
  readonly sub: string
  /** Undefined in users who never had one (passwordless sign-in). Change it with `setPassword` only. */
  password: string | undefined
  /** Former passwords, the youngest first, as many as the policy remembers. */
  passwordHistory: readonly string[]
  /** Milliseconds since the epoch, for temporary passwords. */
  passwordSetAt: number
  attributes: Map<string, string>
  /** Names, in the order in which the user joined. */
  groups: string[]
  status: UserStatus
  enabled: boolean
  mfa: MfaPreference
  /** By device key. */
  devices: Map<string, Device>
  /** By credential id. */
  passkeys: Map<string, Passkey>
  /** Seconds since the epoch. */
  createdAt: number
  /** Seconds since the epoch. */
  modifiedAt: number
}

/** What a new user does not choose. */
export function newUser(
  part: Pick<User, 'username' | 'sub' | 'password' | 'attributes' | 'status'>,
  nowMs: number,
): User {
  return {
    ...part,
    passwordHistory: [],
    passwordSetAt: nowMs,
    groups: [],
    enabled: true,
    mfa: { enabled: new Set(), preferred: undefined, softwareToken: undefined, webAuthn: false },
    devices: new Map(),
    passkeys: new Map(),
    createdAt: nowMs / 1000,
    modifiedAt: nowMs / 1000,
  }
}

/** The same user keeps the same `sub` over restarts, so that what an app stored under it is found again. */
export function subOf(userPoolId: string, username: string): string {
  const hex = createHash('sha256').update(`${userPoolId}\0${username}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
