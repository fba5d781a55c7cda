/**
 * Whom credentials belong to, taken from verified claims. `role` stands for everything in the token that
 * chooses the role and its session tags.
 */
export interface CredentialsOwner {
  readonly issuer: string
  readonly clientId: string
  readonly subject: string
  readonly role: string
  /** `cognito:roles`: what a `customRoleArn` may be. */
  readonly roles?: readonly string[] | undefined
}

/**
 * Claims that change with every token and choose no role. Everything else may: groups, roles, and attributes
 * mapped to session tags.
 */
const volatileClaims = new Set([
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'event_id',
  'at_hash',
  'nonce',
  'origin_jti',
  'token_use',
])

/**
 * Whom credentials belong to, from the claims of an ID token **that was verified**, as `userPool.verify` gives them:
 * `identityPool.credentials(logins, { owner: ownerOf(claims) })`. The role is the whole ID token but for what changes
 * with each. Throws TypeError for claims that name no issuer, client or subject: two users without one would be the same.
 */
export function ownerOf(claims: object): CredentialsOwner {
  const { iss, aud, sub, 'cognito:roles': roles } = claims as Record<string, unknown>
  const role = Object.entries(claims)
    .filter(([name]) => !volatileClaims.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return new Owner({
    issuer: iss as string,
    clientId: aud as string,
    subject: sub as string,
    role: JSON.stringify(role),
    roles: Array.isArray(roles) ? roles.filter((one) => typeof one === 'string') : [],
  })
}

/** The owner as it is now: what becomes of the object later changes nobody's credentials. Throws TypeError. */
export function fixedOwner(owner: CredentialsOwner): CredentialsOwner {
  return owner instanceof Owner ? owner : new Owner(owner)
}

/** An owner that stays as it was made. */
class Owner implements CredentialsOwner {
  readonly issuer: string
  readonly clientId: string
  readonly subject: string
  readonly role: string
  readonly roles: readonly string[] | undefined

  constructor({ issuer, clientId, subject, role, roles }: CredentialsOwner) {
    this.issuer = issuer
    this.clientId = clientId
    this.subject = subject
    this.role = role
    this.roles = roles && Object.freeze([...roles])
    assertOwner(this)
    Object.freeze(this)
  }
}

/** Every part must be there: a key with a hole in it would be the key of several users. */
export function assertOwner({
  issuer,
  clientId,
  subject,
  role,
}: Pick<CredentialsOwner, 'issuer' | 'clientId' | 'subject' | 'role'>): void {
  const user: unknown[] = [issuer, clientId, subject]
  if (typeof role === 'string' && user.every((part) => typeof part === 'string' && part !== '')) return
  throw new TypeError('Credentials need an owner with "issuer", "clientId", "subject" and "role".')
}
