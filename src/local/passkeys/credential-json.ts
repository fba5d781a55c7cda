/** What `navigator.credentials` gave, in the JSON form of WebAuthn: `RegistrationResponseJSON` or `AuthenticationResponseJSON`. */
export interface CredentialJson {
  id: string
  clientDataJSON: Buffer
  /** A member of `response` in base64url. Throws where it is missing. */
  bytes(name: string): Buffer
  /** The same, where it may be missing. */
  optionalBytes(name: string): Buffer | undefined
  transports: string[]
  authenticatorAttachment: string | undefined
}

/** Throws for what no browser gives. */
export function credentialOf(value: unknown): CredentialJson {
  const { id, rawId = id, type, response, authenticatorAttachment } = objectOf(value)
  const members = objectOf(response)
  if (typeof id !== 'string' || rawId !== id || type !== 'public-key') throw new TypeError('no credential')
  decoded(id)
  const bytes = (name: string) => decoded(members[name])
  const transports = members['transports']
  return {
    id,
    clientDataJSON: bytes('clientDataJSON'),
    bytes,
    optionalBytes: (name) =>
      members[name] === undefined || members[name] === null ? undefined : bytes(name),
    transports: (Array.isArray(transports) ? transports : []).filter((one) => typeof one === 'string'),
    authenticatorAttachment:
      typeof authenticatorAttachment === 'string' ? authenticatorAttachment : undefined,
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new TypeError('no object')
}

function decoded(value: unknown): Buffer {
  if (typeof value === 'string' && /^[\w-]+$/.test(value)) return Buffer.from(value, 'base64url')
  throw new TypeError('no base64url')
}
