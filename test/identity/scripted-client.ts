import { setImmediate as turn } from 'node:timers/promises'
import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'

export interface ServiceCall {
  operation: string
  input: Record<string, unknown>
}

/** An SDK client whose service is a function: for answers and moments that no server can be made to give. */
export interface ScriptedClient {
  client: CognitoIdentityClient
  calls: ServiceCall[]
  count(operation: string): number
  /** The largest number of calls that were under way at once. */
  mostAtOnce(): number
  /** Forgets what was counted. */
  clear(): void
  /** Resolves when no call is under way. */
  settled(): Promise<void>
}

export function scriptedClient(answer: (call: ServiceCall) => unknown): ScriptedClient {
  const calls: ServiceCall[] = []
  let underWay = 0
  let most = 0
  async function send(command: { constructor: { name: string }; input: Record<string, unknown> }) {
    const call = { operation: command.constructor.name.replace(/Command$/, ''), input: command.input }
    calls.push(call)
    underWay += 1
    most = Math.max(most, underWay)
    try {
      return await answer(call)
    } finally {
      underWay -= 1
    }
  }
  return {
    client: { send } as unknown as CognitoIdentityClient,
    calls,
    count: (operation) => calls.filter((call) => call.operation === operation).length,
    mostAtOnce: () => most,
    clear() {
      calls.length = 0
      most = 0
    },
    async settled() {
      do await turn()
      while (underWay > 0)
    },
  }
}

export const identityPoolId = 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c'
export const provider = 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123'

/** The identity of the n-th user. */
export function identityOf(user: number): string {
  return `eu-west-1:00000000-0000-4000-8000-${String(user).padStart(12, '0')}`
}

/** Credentials as GetCredentialsForIdentity answers with them. */
export function issued(name: string, lifeMs = 3_600_000): object {
  return {
    AccessKeyId: `ASIA-${name}`,
    SecretKey: `secret-${name}`,
    SessionToken: `session-${name}`,
    Expiration: new Date(Date.now() + lifeMs),
  }
}

/** Who signed in at the user pool, as verified claims say. */
export function ownerNumber(user: number, role = '') {
  return Object.freeze({
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
    clientId: 'client',
    subject: `user-${user}`,
    role,
    roles: [],
  })
}

/** An exception of the service, as the SDK throws it. */
export function serviceException(name: string, message = 'no reason given'): Error {
  return Object.assign(new Error(message), { name })
}
