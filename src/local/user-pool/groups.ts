import type { User } from './user.ts'

/** A group of the local pool. */
export interface Group {
  name: string
  description: string | undefined
  /** 0 is best; groups without one rank last. */
  precedence: number | undefined
  roleArn: string | undefined
  /** Seconds since the epoch. */
  createdAt: number
  /** Seconds since the epoch. */
  modifiedAt: number
}

/** What a user's groups put into tokens; undefined = the claim is absent. */
interface GroupClaims {
  groups: string[] | undefined
  roles: string[] | undefined
  preferredRole: string | undefined
}

/** The group claims of both tokens; each is absent rather than empty (developer guide, "Adding groups to a user pool"). */
export function groupClaims(user: User, groups: ReadonlyMap<string, Group>): GroupClaims {
  const own = user.groups.map((name) => groups.get(name)).filter((group) => group !== undefined)
  const roles = [...new Set(own.map((group) => group.roleArn).filter((role) => role !== undefined))]
  return {
    groups: own.length > 0 ? own.map((group) => group.name) : undefined,
    roles: roles.length > 0 ? roles : undefined,
    preferredRole: preferredRole(own),
  }
}

/** The role of the best group. When several share the best rank with different roles, Cognito leaves the claim out. */
function preferredRole(groups: readonly Group[]): string | undefined {
  const withRole = groups.filter((group) => group.roleArn !== undefined)
  const rank = (group: Group) => group.precedence ?? Number.MAX_SAFE_INTEGER
  const best = Math.min(...withRole.map(rank))
  const roles = new Set(withRole.filter((group) => rank(group) === best).map((group) => group.roleArn))
  return roles.size === 1 ? [...roles][0] : undefined
}
