import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { CognitoError, type CognitoIdentityCredentials, IdentityPool } from '../../src/index.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  provider,
  scriptedClient,
  type ServiceCall,
  serviceException,
} from './scripted-client.ts'

const SCHEDULES = 10_000
const STEPS = 24
const USERS = 200
/** Schedules that share a pool: what one leaves in the cache the next one meets. */
const SCHEDULES_PER_POOL = 200

/** A small generator of numbers (mulberry32), so that a failing schedule can be run again by its number. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below) | 0
  }
}

interface Pending {
  call: ServiceCall
  resolve: (answer: unknown) => void
  reject: (error: Error) => void
}

/** A pool on a service that answers when, and how, the schedule says. A token is `USER:ROLE`. */
function stage() {
  const pending: Pending[] = []
  const service = scriptedClient(
    (call) => new Promise((resolve, reject) => pending.push({ call, resolve, reject })),
  )
  const limits = {
    requestsPerSecond: { GetId: 100_000, others: 100_000 },
    maxConcurrency: 10_000,
    maxEntries: 150,
  }
  return { pool: new IdentityPool({ identityPoolId, client: service.client, ...limits }), pending }
}

function answer({ call: { operation, input }, resolve, reject }: Pending, kind: number): void {
  const token = Object.values(input['Logins'] as Record<string, string>)[0] as string
  const user = Number(token.split(':')[0])
  if (kind === 0) return reject(serviceException('InternalErrorException'))
  if (kind === 1) return reject(serviceException('NotAuthorizedException'))
  if (kind === 2) return reject(serviceException('ResourceNotFoundException'))
  if (kind === 3) return resolve({ IdentityId: identityOf(user), Credentials: {} })
  if (operation === 'GetId') return resolve({ IdentityId: identityOf(user) })
  // The service knows the user by the token alone; the identity is only believed where it is this user's.
  const owns = input['IdentityId'] === identityOf(user)
  if (!owns) return reject(new Error(`the identity of another user was sent with the token of ${user}`))
  const lifeMs = kind === 4 ? 900_000 : 3_600_000
  return resolve({ IdentityId: identityOf(user), Credentials: issued(token, lifeMs) })
}

test(`IC-02 in ${SCHEDULES} schedules of ${USERS} users nobody gets another’s credentials, another role’s, or expired ones`, async () => {
  const tally = { asks: 0, given: 0, refused: 0, wrong: 0 }
  const roles = Array.from({ length: USERS }, () => 0)
  let now = Date.UTC(2026, 0, 1)
  let current = stage()

  async function ask(schedule: number, user: number): Promise<void> {
    const token = `${user}:${roles[user]}`
    const owner = Object.freeze({
      issuer: 'i',
      clientId: 'c',
      subject: `user-${user}`,
      role: String(roles[user]),
    })
    tally.asks += 1
    let given: CognitoIdentityCredentials
    try {
      given = await current.pool.credentials({ [provider]: token }, { owner })
    } catch (error) {
      assert.ok(error instanceof CognitoError, `schedule ${schedule}: ${String(error)}`)
      assert.doesNotMatch(error.message, /identity of another user/, `schedule ${schedule}`)
      tally.refused += 1
      return
    }
    tally.given += 1
    const right = given.accessKeyId === `ASIA-${token}` && given.identityId === identityOf(user)
    if (!right) tally.wrong += 1
    assert.ok(right, `schedule ${schedule}: user ${token} got ${given.accessKeyId} of ${given.identityId}`)
    assert.ok(given.expiration.getTime() > Date.now(), `schedule ${schedule}: expired`)
  }

  async function run(schedule: number): Promise<void> {
    const below = random(schedule)
    const asks: Promise<void>[] = []
    const crowd = Array.from({ length: 6 }, () => below(USERS))
    for (let step = 0; step < STEPS; step += 1) {
      const user = crowd[below(crowd.length)] as number
      const kind = below(10)
      if (kind < 5) asks.push(ask(schedule, user))
      else if (kind === 5) current.pool.forget({ issuer: 'i', clientId: 'c', subject: `user-${user}` })
      else if (kind === 6) roles[user] = below(3)
      else if (kind === 7) {
        // No time passes between an answer and those who waited for it.
        await turn()
        mock.timers.setTime((now += below(40 * 60_000)))
      } else if (current.pending.length > 0) {
        const [next] = current.pending.splice(below(current.pending.length), 1)
        answer(next as Pending, below(12))
      }
      if (below(3) === 0) await turn()
    }
    let settled = false
    const all = Promise.all(asks).finally(() => (settled = true))
    while (!settled) {
      for (const one of current.pending.splice(0)) answer(one, 9)
      await turn()
    }
    await all
  }

  mock.timers.enable({ apis: ['Date'], now })
  try {
    for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
      if (schedule % SCHEDULES_PER_POOL === 0) current = stage()
      await run(schedule)
    }
  } finally {
    mock.timers.reset()
  }
  assert.equal(tally.wrong, 0)
  assert.ok(tally.given > 20_000 && tally.refused > 5_000, JSON.stringify(tally))
  console.log(`${SCHEDULES} schedules: ${JSON.stringify(tally)}`)
})
