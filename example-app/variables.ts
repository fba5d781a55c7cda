export type Environment = Readonly<Record<string, string | undefined>>

/** The port that a variable asks for, 0 for any; `undefined` when it is unset or empty. Throws when it is no port. */
export function portFrom(env: Environment, name: string): number | undefined {
  const text = env[name] || undefined
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new Error(`${name} must be a port, a number from 0 to 65535.`)
  }
  return Number(text)
}

/** The app's address as browsers see it, from `APP_URL` or the port. Throws when it is no address of a whole host. */
export function originFrom(env: Environment, port: number): string {
  const text = env['APP_URL'] || `http://localhost:${port}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  // The app has its routes at the root: under a path, every link and the callback would lead elsewhere.
  if (url && ['http:', 'https:'].includes(url.protocol) && url.href === `${url.origin}/`) return url.origin
  throw new Error('APP_URL must be the address of the app without a path, such as https://app.example.com.')
}

/** The secret of the session cookie. Throws when it is so short that it can be guessed from a cookie. */
export function sessionSecretFrom(env: Environment): string {
  const secret = env['SESSION_SECRET'] ?? ''
  if (Buffer.byteLength(secret) >= 32) return secret
  throw new Error('SESSION_SECRET must have 32 bytes or more; `openssl rand -hex 32` prints such a secret.')
}
