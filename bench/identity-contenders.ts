import { S3Client } from '@aws-sdk/client-s3'
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers'
import { type CredentialsOwner, IdentityPool, ownerOf } from 'passport-cognito-identity'
import type { LocalCognito } from 'passport-cognito-identity/local'

/** Somebody who is signed in. */
export interface User {
  idToken: string
  owner: CredentialsOwner
}

/** Where everybody asks. */
export interface IdentitySetting {
  identityPool: LocalCognito['identityPool']
  loginsKey: string
}

/** A way to get a user's credentials in a request; one of them lives as long as an app's process. */
export interface IdentityContender {
  ask: (user: User) => Promise<{ accessKeyId: string }>
  close: () => Promise<void>
}

/** The claims were verified at sign-in. */
export function userOf(idToken: string): User {
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()
  return { idToken, owner: ownerOf(JSON.parse(payload) as object) }
}

export const OURS = 'this package'

/** As people use them. None of the peers has a cache of credentials of its own; a client of the SDK has one for itself. */
export const identityContenders: Readonly<Record<string, (setting: IdentitySetting) => IdentityContender>> = {
  [OURS]: ours,
  'fromCognitoIdentityPool, for each request': (setting) => ({
    ask: async (user) => sdkProvider(setting, user)(),
    close: () => Promise.resolve(),
  }),
  'fromCognitoIdentityPool, a client per user': (setting) => perUser(setting, false),
  'the same with userIdentifier': (setting) => perUser(setting, true),
}

/** `GetId` is not held back: what its quota would make of a start is not compared here. */
function ours({ identityPool: options, loginsKey }: IdentitySetting): IdentityContender {
  const identityPool = new IdentityPool({ ...options, requestsPerSecond: { GetId: 100_000 } })
  return {
    ask: ({ idToken, owner }) => identityPool.credentials({ [loginsKey]: idToken }, { owner }),
    close: () => identityPool.close(),
  }
}

function sdkProvider(
  { identityPool: { identityPoolId, endpoint }, loginsKey }: IdentitySetting,
  { idToken }: User,
  userIdentifier?: string,
) {
  return fromCognitoIdentityPool({
    identityPoolId,
    logins: { [loginsKey]: idToken },
    ...(userIdentifier !== undefined && { userIdentifier }),
    clientConfig: { region: 'eu-west-1', endpoint },
  })
}

/** A client remembers what its provider gave, and that is the cache. */
function perUser(setting: IdentitySetting, isIdentified: boolean): IdentityContender {
  const clients = new Map<string, S3Client>()
  return {
    ask: ({ idToken, owner }) => {
      const known = clients.get(owner.subject)
      if (known) return known.config.credentials()
      const identifier = isIdentified ? owner.subject : undefined
      const credentials = sdkProvider(setting, { idToken, owner }, identifier)
      const client = new S3Client({ region: 'eu-west-1', credentials })
      clients.set(owner.subject, client)
      return client.config.credentials()
    },
    close: () => {
      for (const client of clients.values()) client.destroy()
      return Promise.resolve()
    },
  }
}
