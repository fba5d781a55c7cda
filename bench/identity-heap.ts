// Bytes of heap for each user in the cache. As a program: node --expose-gc bench/identity-heap.ts LENGTH
import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { argv, execArgv, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { IdentityPool, ownerOf } from 'passport-cognito-identity'

/** How long a session token is. */
export const sessionTokens = { 'as the local Cognito gives them': 280, 'as AWS gives them': 1_300 }

const USERS = 10_000
const self = fileURLToPath(import.meta.url)

/** In a process of its own, whose heap holds nothing else that changes. */
export async function heapPerUser(sessionTokenLength: number): Promise<number> {
  const args = [...execArgv, '--expose-gc', self, String(sessionTokenLength)]
  const { stdout } = await promisify(execFile)(execPath, args)
  return Number(stdout)
}

/** A service that answers at once: what it gives is all that differs between users. */
function instantService(sessionTokenLength: number): CognitoIdentityClient {
  const send = (command: { input: { IdentityId?: string } }) => {
    const { IdentityId = `eu-west-1:${randomUUID()}` } = command.input
    const text = (length: number) => randomBytes(length).toString('base64url').slice(0, length)
    const answer = {
      IdentityId,
      Credentials: {
        AccessKeyId: `ASIA${text(16)}`,
        SecretKey: text(40),
        SessionToken: text(sessionTokenLength),
        Expiration: new Date(Date.now() + 3_600_000),
      },
    }
    // As a parser makes them: strings of their own, not slices of longer ones.
    const parsed = JSON.parse(JSON.stringify(answer)) as typeof answer
    return Promise.resolve({
      ...parsed,
      Credentials: { ...parsed.Credentials, Expiration: answer.Credentials.Expiration },
    })
  }
  return { send } as unknown as CognitoIdentityClient
}

async function measure(sessionTokenLength: number): Promise<number> {
  const client = instantService(sessionTokenLength)
  const requestsPerSecond = { GetId: 100_000, others: 100_000 }
  const make = () =>
    new IdentityPool({ identityPoolId: `eu-west-1:${randomUUID()}`, client, requestsPerSecond })
  const ask = (pool: IdentityPool) => {
    const claims = {
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Bench0001',
      aud: '4ifa83b1k2example9c0d1e2f3',
      sub: randomUUID(),
    }
    return pool.credentials(
      { 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Bench0001': 'x.e30.x' },
      { owner: ownerOf(claims) },
    )
  }
  // Code that runs for the first time takes memory too.
  const warm = make()
  for (let index = 0; index < 2_000; index += 1) await ask(warm)
  const pool = make()
  const before = used()
  for (let index = 0; index < USERS; index += 1) await ask(pool)
  const bytes = (used() - before) / USERS
  // Both are still needed here, so that neither is collected before the end.
  await Promise.all([warm.close(), pool.close()])
  return bytes
}

function used(): number {
  for (let times = 0; times < 5; times += 1) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

if (argv[1] === self) console.log(await measure(Number(argv[2])))
