import { randomUUID } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import { createMemory } from '../lib/memory.ts'
import { ServiceError } from '../server/service-error.ts'
import { conflict, invalidParameter, notAuthorized } from './refusals.ts'

/** Enough for any test; a loop that asks for guests for ever is told so instead of filling the memory. */
const identitiesAtMost = 100_000
/** A quota of Cognito. */
const loginsAtMost = 20

/** Who somebody is at a provider. */
export interface Login {
  providerName: string
  /** The user's `sub` there. */
  subject: string
  /** Of the developer provider, at which one identity may have several users. */
  isDeveloper?: boolean
}

/** One user as the identity pool knows them. Without logins it is a guest. */
export interface Identity {
  /** `REGION:GUID`. */
  readonly id: string
  logins: Login[]
  /** It needs a login since it first had one, even when all were unlinked. */
  needsLogin: boolean
  createdAtSeconds: number
  modifiedAtSeconds: number
  /** The identity that took its logins over; this one is disabled. */
  mergedInto?: Identity
}

/** Every identity of the pool, and which login belongs to which. */
export interface Identities {
  /** Follows merges: the identity found may have another id than the one asked for. */
  find(identityId: string): Identity | undefined
  /** Exactly this one, even when it is disabled. */
  get(identityId: string): Identity | undefined
  /** All, disabled ones as well, the oldest first. */
  all(): Identity[]
  ownerOf(login: Login): Identity | undefined
  create(): Identity
  /** The identity of these logins, made at the first call; logins that belong to two identities merge them. */
  ofLogins(logins: readonly Login[]): Identity
  /**
   * The identity after `logins` proved to be its user's. Unknown logins are linked to it; a guest becomes the
   * identity that its first login already has. Throws `NotAuthorizedException` when no login is the identity's.
   */
  claim(identity: Identity, logins: readonly Login[]): Identity
  /** Links logins, and merges the identities that have them, without any proof. */
  join(identity: Identity, logins: readonly Login[]): Identity
  unlink(identity: Identity, isMeant: (login: Login) => boolean): void
  /** Merges all of `source` into `destination`. */
  merge(source: Identity, destination: Identity): Identity
  delete(identityId: string): boolean
}

interface Index {
  byId: Map<string, Identity>
  byLogin: Map<string, Identity>
  clock: Clock
}

export function createIdentities(region: string, clock: Clock, memory = createMemory()): Identities {
  const index: Index = { byId: memory.map('identities'), byLogin: memory.map('identitiesByLogin'), clock }
  const { byId, byLogin } = index
  const create = () => createIdentity(index, region)
  const ownersOf = (logins: readonly Login[]) => [
    ...new Set(logins.flatMap((login) => byLogin.get(loginKey(login)) ?? [])),
  ]
  return {
    find: (identityId) => {
      let identity = byId.get(identityId)
      while (identity?.mergedInto) identity = byId.get(identity.mergedInto.id)
      return identity
    },
    get: (identityId) => byId.get(identityId),
    all: () => [...byId.values()],
    ownerOf: (login) => byLogin.get(loginKey(login)),
    create,
    ofLogins: (logins) => {
      const owners = ownersOf(logins)
      return absorb(index, owners[0] ?? create(), logins, owners)
    },
    claim: (identity, logins) => {
      const owners = ownersOf(logins)
      if (!identity.needsLogin) return absorb(index, owners[0] ?? identity, logins, [identity, ...owners])
      if (!owners.includes(identity)) throw loginsDoNotMatch()
      return absorb(index, identity, logins, owners)
    },
    join: (identity, logins) => absorb(index, identity, logins, ownersOf(logins)),
    unlink: (identity, isMeant) => {
      for (const login of identity.logins.filter(isMeant)) byLogin.delete(loginKey(login))
      identity.logins = identity.logins.filter((login) => !isMeant(login))
      identity.modifiedAtSeconds = clock.nowSeconds()
    },
    merge: (source, destination) => absorb(index, destination, [], [source]),
    delete: (identityId) => {
      for (const login of byId.get(identityId)?.logins ?? []) byLogin.delete(loginKey(login))
      return byId.delete(identityId)
    },
  }
}

function createIdentity({ byId, clock }: Index, region: string): Identity {
  if (byId.size >= identitiesAtMost)
    throw new ServiceError('LimitExceededException', `More than ${identitiesAtMost} identities.`)
  const now = clock.nowSeconds()
  const identity: Identity = {
    id: `${region}:${randomUUID()}`,
    logins: [],
    needsLogin: false,
    createdAtSeconds: now,
    modifiedAtSeconds: now,
  }
  byId.set(identity.id, identity)
  return identity
}

/** Links the logins to `target` and merges the other identities into it; changes nothing when that is refused. */
function absorb(
  { byLogin, clock }: Index,
  target: Identity,
  logins: readonly Login[],
  others: readonly Identity[],
): Identity {
  const merged = others.filter((other) => other !== target)
  const all = distinct([...target.logins, ...merged.flatMap((other) => other.logins), ...logins])
  assertLinkable(all)
  for (const login of all) byLogin.set(loginKey(login), target)
  if (all.length > target.logins.length || merged.length > 0) target.modifiedAtSeconds = clock.nowSeconds()
  target.logins = all
  target.needsLogin ||= all.length > 0
  for (const other of merged) {
    other.mergedInto = target
    other.logins = []
    other.modifiedAtSeconds = target.modifiedAtSeconds
  }
  return target
}

function loginKey({ providerName, subject }: Login): string {
  return JSON.stringify([providerName, subject])
}

function distinct(logins: readonly Login[]): Login[] {
  const plain = logins.map(({ providerName, subject, isDeveloper = false }) => ({
    providerName,
    subject,
    isDeveloper,
  }))
  return [...new Map(plain.map((login) => [loginKey(login), login])).values()]
}

function assertLinkable(logins: readonly Login[]): void {
  if (logins.length > loginsAtMost)
    throw invalidParameter(`An identity has at most ${loginsAtMost} linked logins.`)
  const providers = logins.filter(({ isDeveloper }) => !isDeveloper).map(({ providerName }) => providerName)
  if (new Set(providers).size !== providers.length)
    throw conflict('Login is already linked to another account.')
}

export function loginsDoNotMatch(): ServiceError {
  return notAuthorized(
    "Logins don't match. Please include at least one valid login for this identity or identity pool.",
  )
}
