import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Tokens, UserPool } from '../../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { asked, done, refusedFor } from './steps.ts'

const password = 'Passw0rd!'
const origin = 'http://localhost:3000'
const explicitAuthFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const

describe('passkeys', () => {
  let local: LocalCognito
  let userPool: UserPool
  let tokens: Tokens
  before(async () => {
    local = await startLocalCognito({
      clients: [
        { clientSecret: 'secretsecretsecretsecretsecret', explicitAuthFlows: [...explicitAuthFlows] },
      ],
      users: [{ username: 'ana', password }],
      userPool: { policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
    })
  })
  after(() => local.close())
  beforeEach(async () => {
    await local.reset()
    userPool = new UserPool(local.userPool)
    tokens = done(await userPool.signIn({ username: 'ana', password })).tokens
  })
  const register = async (authenticator = new SoftwareAuthenticator(origin)) => {
    const options = await userPool.account.startPasskey(tokens)
    await userPool.account.completePasskey(tokens, authenticator.create(options))
    return authenticator
  }
  const begin = async () =>
    asked(
      await userPool.signIn({ username: 'ana', flow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' }),
      'WEB_AUTHN',
    )

  test('DS-12 a passkey is registered, and WEB_AUTHN signs in with it: options and credential as @simplewebauthn/browser has them', async () => {
    const authenticator = await register()
    const challenge = await begin()
    assert.equal(challenge.options['rpId'], 'localhost')
    assert.equal(typeof challenge.options['challenge'], 'string')
    const credential = authenticator.get(challenge.options)
    const signedIn = done(await userPool.respond(challenge, { credential }))
    assert.equal((await userPool.user(signedIn.tokens)).username, 'ana')
    assert.equal(signedIn.tokens.obtainedBy, 'api')
  })

  test('DS-12 a sign-in with a passkey goes on on another instance that has the same sealing key', async () => {
    const sealingKey = 'a key that both instances have: 32+ characters'
    const [one, other] = [1, 2].map(() => new UserPool({ ...local.userPool, sealingKey }))
    const authenticator = await register()
    const step = await one?.signIn({ username: 'ana', flow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' })
    assert.ok(step && other)
    const challenge = asked(step, 'WEB_AUTHN')
    done(await other.respond(challenge, { credential: authenticator.get(challenge.options) }))
  })

  test('DS-12 a passkey may be chosen among other ways; its question comes then', async () => {
    const authenticator = await register()
    const choice = asked(await userPool.signIn({ username: 'ana', flow: 'USER_AUTH' }), 'SELECT_CHALLENGE')
    assert.ok(choice.choices.includes('WEB_AUTHN'))
    const challenge = asked(await userPool.respond(choice, { choice: 'WEB_AUTHN' }), 'WEB_AUTHN')
    done(await userPool.respond(challenge, { credential: authenticator.get(challenge.options) }))
  })

  test('DS-12 whoever has no passkey is asked which way', async () => {
    const step = await userPool.signIn({
      username: 'ana',
      flow: 'USER_AUTH',
      preferredChallenge: 'WEB_AUTHN',
    })
    assert.ok(!asked(step, 'SELECT_CHALLENGE').choices.includes('WEB_AUTHN'))
  })

  test('passkeys are listed and deleted', async () => {
    const authenticator = await register()
    const [passkey, ...others] = await userPool.account.listPasskeys(tokens)
    assert.deepEqual(others, [])
    assert.ok(passkey?.createdAt instanceof Date)
    assert.deepEqual(
      { ...passkey, createdAt: undefined },
      {
        credentialId: authenticator.id,
        name: 'Passkey 1',
        relyingPartyId: 'localhost',
        createdAt: undefined,
      },
    )
    await userPool.account.deletePasskey(tokens, authenticator.id)
    assert.deepEqual(await userPool.account.listPasskeys(tokens), [])
    await refusedFor(
      userPool.account.deletePasskey(tokens, authenticator.id),
      'ResourceNotFoundException',
      400,
    )
  })

  test('DS-13 a signature of another authenticator, for another question or from another site opens nothing', async () => {
    const authenticator = await register()
    const stranger = new SoftwareAuthenticator(origin)
    const first = await begin()
    const old = authenticator.get(first.options)
    done(await userPool.respond(first, { credential: old }))
    for (const forge of [
      () => old,
      (options: unknown) => stranger.get(options),
      (options: unknown) => authenticator.get(options, { key: stranger.privateKey }),
      (options: unknown) => authenticator.get(options, { origin: 'https://evil.example' }),
      (options: unknown) => authenticator.get(options, { rpId: 'evil.example' }),
      (options: unknown) => authenticator.get(options, { signCount: 1 }),
    ]) {
      const challenge = await begin()
      const answer = userPool.respond(challenge, { credential: forge(challenge.options) })
      await refusedFor(answer, 'NotAuthorizedException', 401)
    }
  })

  test('what is no credential is the visitor’s fault, and never sent', async () => {
    await register()
    const challenge = await begin()
    local.requests.clear()
    for (const credential of [undefined, null, 'text']) {
      const answer = userPool.respond(challenge, { credential: credential as never })
      await refusedFor(answer, 'InvalidParameterException', 400)
    }
    assert.equal(local.requests.total(), 0)
  })

  test('each refusal of a registration has a reason of its own', async () => {
    const authenticator = new SoftwareAuthenticator(origin)
    const complete = async (tampering: object) => {
      const options = await userPool.account.startPasskey(tokens)
      return userPool.account.completePasskey(tokens, authenticator.create(options, tampering))
    }
    const origins = complete({ origin: 'https://evil.example' })
    await refusedFor(origins, 'WebAuthnOriginNotAllowedException', 400)
    await refusedFor(complete({ rpId: 'evil.example' }), 'WebAuthnRelyingPartyMismatchException', 400)
    await refusedFor(complete({ algorithm: -8 }), 'WebAuthnCredentialNotSupportedException', 400)
    await refusedFor(complete({ challenge: 'AAAA' }), 'WebAuthnChallengeNotFoundException', 400)
  })

  test('a pool without passkeys is the developer’s fault', async () => {
    const plain = await startLocalCognito({ users: [{ username: 'ana', password }] })
    try {
      const pool = new UserPool(plain.userPool)
      const signedIn = done(await pool.signIn({ username: 'ana', password }))
      await assert.rejects(pool.account.startPasskey(signedIn.tokens), {
        name: 'ConfigurationError',
        status: 500,
      })
    } finally {
      await plain.close()
    }
  })
})
