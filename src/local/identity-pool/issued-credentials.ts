import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'

/** How long enhanced-flow credentials live; fixed at one hour by Cognito. */
const lifetimeSeconds = 3600
/** Oldest first out beyond this, so that a long load test cannot fill the memory. */
const keepAtMost = 20_000

const sessionName = 'CognitoIdentityCredentials'

/** Temporary AWS credentials of one identity, as the local S3 and STS look them up. */
export interface IssuedCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  /** Epoch seconds. */
  expiresAtSeconds: number
  identityId: string
  roleArn: string
}

/** What the local AWS services need: who holds an access key. Expired credentials are still found. */
export interface CredentialsLookup {
  find(accessKeyId: string): IssuedCredentials | undefined
}

export interface CredentialsIssuer extends CredentialsLookup {
  issue(identityId: string, roleArn: string): IssuedCredentials
}

/** Issues credentials and remembers them, in memory only and in bounded number. */
export function createCredentialsIssuer(clock: Clock): CredentialsIssuer {
  const issued = new Map<string, IssuedCredentials>()
  return {
    find: (accessKeyId) => issued.get(accessKeyId),
    issue: (identityId, roleArn) => {
      const credentials = {
        ...createKeys(),
        expiresAtSeconds: clock.nowSeconds() + lifetimeSeconds,
        identityId,
        roleArn,
      }
      issued.set(credentials.accessKeyId, credentials)
      const [oldest] = issued.keys()
      if (issued.size > keepAtMost && oldest !== undefined) issued.delete(oldest)
      return credentials
    },
  }
}

/** AWS's access keys are base32 and so never hold a 0: these are visibly, and verifiably, nobody's. */
function createKeys() {
  return {
    accessKeyId: `ASIA0LOCAL0${base32(randomBytes(9))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: `LocalCognitoSessionToken${randomBytes(192).toString('base64')}`,
  }
}

function base32(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return Array.from(bytes, (byte) => alphabet.charAt(byte % 32)).join('')
}

/** The caller as AWS names it: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/CognitoIdentityCredentials`. */
export function callerArn({ roleArn }: IssuedCredentials): string {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':')
  return `arn:${partition}:sts::${account}:assumed-role/${roleName(roleArn)}/${sessionName}`
}

/** The role's account and `ROLEID:SESSION`; the role id is derived from the ARN, so it stays the same. */
export function callerIds({ roleArn }: IssuedCredentials): { account: string; userId: string } {
  const roleId = base32(createHash('sha256').update(roleArn).digest().subarray(0, 17))
  return { account: roleArn.split(':')[4] ?? '', userId: `AROA${roleId}:${sessionName}` }
}

function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1)
}
