import { promisify } from 'node:util'
import { createRequire } from 'node:module'
import { createSrpSession, signSrpSession } from 'cognito-srp-helper'
import { answerSrp, createEphemeral } from '../src/user-pool/sign-in/srp.ts'

/** Who signs in. */
export interface SrpUser {
  userPoolId: string
  /** `USER_ID_FOR_SRP`. */
  id: string
  password: string
}

/** What the server answers to `SRP_A`. */
export interface SrpAnswer {
  salt: string
  srpB: string
  secretBlock: string
}

/** One side of a handshake: the first message, then the proof and when it was made. */
export interface SrpHandshake {
  srpA: string
  prove: (answer: SrpAnswer) => Promise<{ signature: string; timestamp: string }>
}

/** A client-side implementation of Cognito's SRP. */
export type SrpClient = (user: SrpUser) => Promise<SrpHandshake>

const poolName = ({ userPoolId }: SrpUser) => userPoolId.slice(userPoolId.indexOf('_') + 1)

const own: SrpClient = async (user) => {
  const ephemeral = createEphemeral()
  return {
    srpA: ephemeral.srpA,
    prove: async (answer) => {
      const identity = { group: poolName(user), id: user.id, password: user.password }
      const claims = answerSrp(ephemeral, identity, answer)
      return { signature: claims.PASSWORD_CLAIM_SIGNATURE, timestamp: claims.TIMESTAMP }
    },
  }
}

const helper: SrpClient = async ({ userPoolId, id, password }) => {
  const session = createSrpSession(id, password, userPoolId, false)
  return {
    srpA: session.largeA,
    prove: async ({ salt, srpB, secretBlock }) => {
      const signed = signSrpSession(session, {
        ChallengeParameters: { SALT: salt, SRP_B: srpB, SECRET_BLOCK: secretBlock, USER_ID_FOR_SRP: id },
      })
      return { signature: signed.passwordSignature, timestamp: signed.timestamp }
    },
  }
}

interface LegacyClient {
  calculateA(): string
  getPasswordAuthenticationKey(id: string, password: string, srpB: string, salt: string): string
}
interface Legacy {
  SRPClient: new (pool: string) => LegacyClient
  calculateSignature: (key: string, pool: string, id: string, secretBlock: string, now: string) => string
  getNowString: () => string
}

const require = createRequire(import.meta.url)

const legacy: SrpClient = async (user) => {
  const { SRPClient, calculateSignature, getNowString } = require('amazon-user-pool-srp-client') as Legacy
  const client = new SRPClient(poolName(user))
  return {
    srpA: client.calculateA(),
    prove: async ({ salt, srpB, secretBlock }) => {
      const key = client.getPasswordAuthenticationKey(user.id, user.password, srpB, salt)
      const timestamp = getNowString()
      return {
        signature: calculateSignature(key, poolName(user), user.id, secretBlock, timestamp),
        timestamp,
      }
    },
  }
}

type Done<T> = (error: Error | null, value: T) => void
interface AuthenticationHelper {
  getLargeAValue(done: Done<{ toString(radix: number): string }>): void
  getPasswordAuthenticationKey(
    id: string,
    password: string,
    srpB: object,
    salt: object,
    done: Done<Buffer>,
  ): void
}

const identityJs: SrpClient = async (user) => {
  const { AuthenticationHelper, DateHelper } = require('amazon-cognito-identity-js') as {
    AuthenticationHelper: new (pool: string) => AuthenticationHelper
    DateHelper: new () => { getNowString(): string }
  }
  const { default: BigInteger } = require('amazon-cognito-identity-js/lib/BigInteger.js') as {
    default: new (hex: string, radix: number) => object
  }
  const { createHmac } = await import('node:crypto')
  const client = new AuthenticationHelper(poolName(user))
  const largeA = await promisify<{ toString(radix: number): string }>((done) => client.getLargeAValue(done))()
  return {
    srpA: largeA.toString(16),
    prove: async ({ salt, srpB, secretBlock }) => {
      const numbers = [new BigInteger(srpB, 16), new BigInteger(salt, 16)] as const
      const key = await promisify<Buffer>((done) =>
        client.getPasswordAuthenticationKey(user.id, user.password, ...numbers, done),
      )()
      const timestamp = new DateHelper().getNowString()
      const signature = createHmac('sha256', key)
        .update(poolName(user) + user.id)
        .update(Buffer.from(secretBlock, 'base64'))
        .update(timestamp)
        .digest('base64')
      return { signature, timestamp }
    },
  }
}

/** By the name of the package; ours first. */
export const srpClients: Record<string, SrpClient> = {
  'this package': own,
  'amazon-user-pool-srp-client': legacy,
  'amazon-cognito-identity-js': identityJs,
  'cognito-srp-helper': helper,
}
