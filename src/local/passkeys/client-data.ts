/** What the browser says the authenticator was asked for (WebAuthn, "Client Data"). */
export interface ClientData {
  type: string
  challenge: string
  origin: string
  crossOrigin: boolean
}

/** Throws for what no browser writes. */
export function clientDataOf(bytes: Buffer): ClientData {
  const data = JSON.parse(bytes.toString('utf8')) as Record<string, unknown> | null
  const { type, challenge, origin, crossOrigin = false } = data ?? {}
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    throw new TypeError('client data lacks a member')
  }
  return { type, challenge, origin, crossOrigin: crossOrigin !== false }
}

/**
 * Whether a page of this origin may use passkeys of the relying party: https on its domain or one below it, or `localhost`, which
 * browsers take over http too.
 */
export function belongsTo(origin: string, relyingPartyId: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname, origin: own } = new URL(origin)
  if (own !== origin) return false
  const isSecure = protocol === 'https:' || (protocol === 'http:' && /(^|\.)localhost$/.test(hostname))
  return isSecure && (hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`))
}
