import type { UserPool } from '../user-pool/user-pool.ts'
import { choiceFlow } from './choice-flow.ts'
import { customFlow } from './custom-flow.ts'
import { passwordFlow } from './password-flow.ts'
import { refreshFlow } from './refresh-flow.ts'
import type { SignInRequest } from './request.ts'
import { srpFlow } from './srp-flow.ts'

/** A way to begin a sign-in. */
interface Flow {
  /** What the client's `ExplicitAuthFlows` must hold. */
  needs: string
  begin(pool: UserPool, request: SignInRequest): Promise<object>
}

const refresh: Flow = { needs: 'ALLOW_REFRESH_TOKEN_AUTH', begin: refreshFlow }
const admin: Flow = {
  needs: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  begin: passwordFlow('ADMIN_USER_PASSWORD_AUTH'),
}

/** The flows of InitiateAuth. */
export const flows: ReadonlyMap<string, Flow> = new Map<string, Flow>([
  ['USER_PASSWORD_AUTH', { needs: 'ALLOW_USER_PASSWORD_AUTH', begin: passwordFlow('USER_PASSWORD_AUTH') }],
  ['USER_SRP_AUTH', { needs: 'ALLOW_USER_SRP_AUTH', begin: srpFlow }],
  ['CUSTOM_AUTH', { needs: 'ALLOW_CUSTOM_AUTH', begin: customFlow }],
  ['USER_AUTH', { needs: 'ALLOW_USER_AUTH', begin: choiceFlow }],
  ['REFRESH_TOKEN_AUTH', refresh],
  ['REFRESH_TOKEN', refresh],
])

/** The flows of AdminInitiateAuth: the password travels with the signature of a server instead of by itself. */
export const adminFlows: ReadonlyMap<string, Flow> = new Map<string, Flow>([
  ...[...flows].filter(([name]) => name !== 'USER_PASSWORD_AUTH'),
  ['ADMIN_USER_PASSWORD_AUTH', admin],
  ['ADMIN_NO_SRP_AUTH', admin],
])
