import type { SignInFlow } from 'passport-cognito-identity'

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

/** The key of remembered devices and unfinished sign-ins; without one each process makes its own. Throws when it is too short. */
export function sealingKeyFrom(env: Environment): string | undefined {
  const key = env['SEALING_KEY'] || undefined
  if (key === undefined || key.length >= 32) return key
  throw new Error('SEALING_KEY must have 32 characters or more; `openssl rand -hex 32` prints such a key.')
}

const flows = ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'CUSTOM_AUTH', 'USER_AUTH'] as const

/** The flows of the app's own form: the first one for name and password, `USER_AUTH` behind it for other ways. */
export function signInFlowsFrom(env: Environment): [SignInFlow, ...SignInFlow[]] {
  const [first, ...others] = (env['COGNITO_SIGN_IN_FLOWS'] || 'USER_SRP_AUTH').trim().split(/[\s,]+/)
  const isFlow = (name: string | undefined): name is SignInFlow => flows.some((flow) => flow === name)
  if (isFlow(first) && first !== 'USER_AUTH' && others.every(isFlow)) return [first, ...others]
  throw new Error(
    'COGNITO_SIGN_IN_FLOWS must begin with USER_SRP_AUTH, USER_PASSWORD_AUTH or CUSTOM_AUTH; USER_AUTH may follow.',
  )
}
