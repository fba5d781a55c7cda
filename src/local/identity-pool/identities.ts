import { randomUUID } from 'node:crypto'
import { ServiceError } from '../server/service-error.ts'
import type { VerifiedLogin } from './logins.ts'

/** Enough for any test; a loop that asks for guests for ever is told so instead of filling the memory. */
const identitiesAtMost = 100_000

/** One user as the identity pool knows them. Without logins it is a guest. */
export interface Identity {
  /** `REGION:GUID`. */
  readonly id: string
  /** Provider name to the user's `sub` there. */
  readonly logins: Map<string, string>
}

type Login = Pick<VerifiedLogin, 'providerName' | 'sub'>

/** Every identity of the pool, and which login belongs to which. */
export interface Identities {
  /** Follows merges: the identity found may have another id than the one asked for. */
  find(identityId: string): Identity | undefined
  createGuest(): Identity
  /** The identity of these logins, made at the first call; logins that belong to two identities merge them. */
  ofLogins(logins: readonly Login[]): Identity
  /**
   * The identity after `logins` proved to be its user's. Unknown logins are linked to it; a guest becomes the
   * identity that its first login already has. Throws `NotAuthorizedException` when no login is the identity's.
   */
  claim(identity: Identity, logins: readonly Login[]): Identity
}

interface Index {
  /** After a merge both ids lead to the identity that stayed. */
  byId: Map<string, Identity>
  byLogin: Map<string, Identity>
}

export function createIdentities(region: string): Identities {
  const index: Index = { byId: new Map(), byLogin: new Map() }
  const create = (): Identity => {
    if (index.byId.size >= identitiesAtMost)
      throw new ServiceError('LimitExceededException', `More than ${identitiesAtMost} identities.`)
    const identity = { id: `${region}:${randomUUID()}`, logins: new Map<string, string>() }
    index.byId.set(identity.id, identity)
    return identity
  }
  const ownersOf = (logins: readonly Login[]) => [
    ...new Set(logins.flatMap((login) => index.byLogin.get(loginKey(login)) ?? [])),
  ]
  return {
    find: (identityId) => index.byId.get(identityId),
    createGuest: create,
    ofLogins: (logins) => {
      const owners = ownersOf(logins)
      return join(index, owners[0] ?? create(), logins, owners)
    },
    claim: (identity, logins) => {
      const owners = ownersOf(logins)
      if (identity.logins.size === 0) return join(index, owners[0] ?? identity, logins, [identity, ...owners])
      if (!owners.includes(identity)) throw loginsDoNotMatch()
      return join(index, identity, logins, owners)
    },
  }
}

/** Links the logins to `target` and merges the other identities into it; changes nothing when that is refused. */
function join(
  { byId, byLogin }: Index,
  target: Identity,
  logins: readonly Login[],
  others: readonly Identity[],
): Identity {
  const merged = others.filter((other) => other !== target)
  const added = [...merged.flatMap(loginsOf), ...logins]
  assertOneLoginPerProvider([...loginsOf(target), ...added])
  for (const login of added) {
    target.logins.set(login.providerName, login.sub)
    byLogin.set(loginKey(login), target)
  }
  if (merged.length > 0)
    for (const [id, identity] of byId) if (merged.includes(identity)) byId.set(id, target)
  return target
}

function loginKey({ providerName, sub }: Login): string {
  return JSON.stringify([providerName, sub])
}

function loginsOf(identity: Identity): Login[] {
  return Array.from(identity.logins, ([providerName, sub]) => ({ providerName, sub }))
}

function assertOneLoginPerProvider(logins: readonly Login[]): void {
  const seen = new Map<string, string>()
  for (const { providerName, sub } of logins) {
    if ((seen.get(providerName) ?? sub) !== sub)
      throw new ServiceError('ResourceConflictException', 'Login is already linked to another account.')
    seen.set(providerName, sub)
  }
}

function loginsDoNotMatch(): ServiceError {
  return new ServiceError(
    'NotAuthorizedException',
    "Logins don't match. Please include at least one valid login for this identity or identity pool.",
  )
}
