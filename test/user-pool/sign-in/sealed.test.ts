import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Challenge, UserPool } from '../../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import { asked, done, refusedFor } from './steps.ts'

const password = 'Passw0rd!'
const sealingKey = 'a sealing key of more than thirty-two bytes'

describe('a challenge is plain data, sealed', () => {
  let local: LocalCognito
  let userPool: UserPool
  before(async () => {
    local = await startLocalCognito({
      users: ['sam', 'eve'].map((username, index) => ({
        username,
        password,
        phoneNumber: `+491511234567${index}`,
        mfa: { sms: true },
      })),
      userPool: { mfaConfiguration: 'OPTIONAL', enabledMfas: ['SMS_MFA'] },
    })
    userPool = new UserPool({ ...local.userPool, sealingKey })
  })
  after(() => local.close())

  const ask = async (username = 'sam', binding?: string) =>
    asked(await userPool.signIn({ username, password, binding }), 'SMS_MFA')
  const code = (username = 'sam') =>
    local.outbox.messages().findLast((message) => message.username === username)?.code ?? ''
  const asJson = <C extends Challenge>(challenge: C): C => JSON.parse(JSON.stringify(challenge)) as C

  test('it survives JSON, and another process with the same key goes on with it', async () => {
    const challenge = asJson(await ask())
    const other = new UserPool({
      ...local.userPool,
      sealingKey: ['a newer key of more than 32 bytes!!', sealingKey],
    })
    done(await other.respond(challenge, { code: code() }))
  })

  test('its sealed part alone is enough, and is safe in a URL', async () => {
    const { sealed } = await ask()
    assert.match(sealed, /^[\w-]+$/)
    done(await userPool.respond({ sealed } as Challenge & { name: 'SMS_MFA' }, { code: code() }))
  })

  test('DS-10 altered, swapped between users, of another key, pool or client it is 400, and Cognito is asked for nothing', async () => {
    const own = await ask('sam')
    const others = await ask('eve')
    local.requests.clear()
    const flipped = own.sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    const wrong: [what: string, challenge: typeof own][] = [
      [
        'altered',
        {
          ...own,
          sealed: own.sealed.slice(0, 20) + (own.sealed[20] === 'A' ? 'B' : 'A') + own.sealed.slice(21),
        },
      ],
      ['cut', { ...own, sealed: own.sealed.slice(0, -4) }],
      ['flipped at its end', { ...own, sealed: flipped.slice(0, -8) + 'AAAAAAAA' }],
      ["somebody else's", { ...own, sealed: others.sealed }],
      ['renamed', { ...own, username: 'eve' }],
      ['another question', { ...own, name: 'EMAIL_OTP' as never }],
      ['no text', { ...own, sealed: { $gt: '' } as never }],
      ['huge', { ...own, sealed: 'A'.repeat(1_000_000) }],
      ['empty', { ...own, sealed: '' }],
    ]
    for (const [what, challenge] of wrong) {
      await refusedFor(userPool.respond(challenge, { code: code() }), 'challenge_invalid', 400).catch(
        (error: unknown) => assert.fail(`${what}: ${String(error)}`),
      )
    }
    for (const options of [
      { sealingKey: 'x'.repeat(32) },
      { sealingKey: undefined },
      { sealingKey, clientId: 'another1' },
      { sealingKey, userPoolId: 'us-east-1_Other0001' },
    ]) {
      const other = new UserPool({ ...local.userPool, ...options })
      await refusedFor(other.respond(own, { code: code() }), 'challenge_invalid', 400)
    }
    assert.equal(local.requests.total(), 0)
  })

  test('DS-10 bound to a browser it opens in no other', async () => {
    const challenge = await ask('sam', 'session-1')
    local.requests.clear()
    for (const binding of [undefined, 'session-2']) {
      await refusedFor(userPool.respond(challenge, { code: code() }, { binding }), 'challenge_invalid', 400)
    }
    assert.equal(local.requests.total(), 0)
    done(await userPool.respond(challenge, { code: code() }, { binding: 'session-1' }))
  })

  test('DS-10 after its time it is 400, and Cognito is asked for nothing', async (t) => {
    const challenge = await ask()
    local.requests.clear()
    t.mock.timers.enable({ apis: ['Date'], now: challenge.expiresAt + 1 })
    await refusedFor(userPool.respond(challenge, { code: code() }), 'challenge_expired', 400)
    assert.equal(local.requests.total(), 0)
  })

  test('DS-10 after the three minutes that Cognito gives, it is Cognito that refuses', async () => {
    const challenge = await ask()
    local.clock.advance(181)
    await refusedFor(userPool.respond(challenge, { code: code() }), 'challenge_expired', 400)
    local.clock.advance(-181)
  })

  test('an answer without what it needs is 400, and Cognito is asked for nothing', async () => {
    const challenge = await ask()
    local.requests.clear()
    for (const answer of [{}, { code: '' }, { code: 7 }, undefined]) {
      await refusedFor(userPool.respond(challenge, answer as never), 'InvalidParameterException', 400)
    }
    assert.equal(local.requests.total(), 0)
  })

  test('nothing of the session or the user can be read in it', async () => {
    const { sealed } = await ask()
    const text = Buffer.from(sealed, 'base64url').toString('latin1')
    for (const clear of ['sam', 'SMS_MFA', 'AYABe', password]) assert.ok(!text.includes(clear))
    assert.notEqual((await ask()).sealed, sealed)
  })
})
