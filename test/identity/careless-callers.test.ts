import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { CredentialsError, type CredentialsOwner, IdentityPool, type Logins } from '../../src/index.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  provider,
  scriptedClient,
  type ServiceCall,
  serviceException,
} from './scripted-client.ts'

const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123'
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A token of a user, as far as anybody here looks at it. */
const tokenOf = (sub: string, more: object = {}) =>
  `${segment({ alg: 'RS256' })}.${segment({ iss: issuer, sub, token_use: 'id', ...more })}.c2ln`
const ownerOfSub = (subject: string): CredentialsOwner => ({ issuer, clientId: 'client', subject, role: '' })

function subjectIn(input: Record<string, unknown>): string {
  const [token] = Object.values(input['Logins'] as Record<string, string>)
  const payload = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string
  }
  return payload.sub
}
const identity = (sub: string) => identityOf(sub.charCodeAt(0))

/** A service that knows users by their tokens, and answers when it is let. */
function stage(
  options: { before?: (call: ServiceCall) => unknown; timeoutMs?: number; maxConcurrency?: number } = {},
) {
  const { before = () => undefined, ...limits } = options
  const service = scriptedClient(async (call) => {
    await before(call)
    const sub = subjectIn(call.input)
    if (call.operation === 'GetId') return { IdentityId: identity(sub) }
    return { IdentityId: identity(sub), Credentials: issued(sub) }
  })
  return { pool: new IdentityPool({ identityPoolId, client: service.client, ...limits }), service }
}

describe('what the app does to its objects while an answer is on its way', () => {
  for (const kind of ['credentials', 'upgradeGuest'] as const) {
    const ask = (pool: IdentityPool, logins: Logins, owner?: CredentialsOwner) =>
      kind === 'credentials'
        ? pool.credentials(logins, { owner })
        : pool.upgradeGuest(identityOf(7), logins, { owner })

    test(`changes nobody’s credentials: an owner that becomes another user, ${kind}`, async () => {
      const { pool } = stage()
      const owner = { ...ownerOfSub('a') }
      const asked = ask(pool, { [provider]: tokenOf('a') }, owner)
      owner.subject = 'b'
      assert.equal((await asked).accessKeyId, 'ASIA-a')
      const b = await pool.credentials({ [provider]: tokenOf('b') }, { owner: ownerOfSub('b') })
      assert.equal(b.accessKeyId, 'ASIA-b')
    })

    test(`changes nobody’s credentials: logins that become another user’s, ${kind}`, async () => {
      const { pool } = stage()
      const logins = { [provider]: tokenOf('a') }
      const asked = ask(pool, logins)
      logins[provider] = tokenOf('b')
      assert.equal((await asked).accessKeyId, 'ASIA-a')
      assert.equal((await pool.credentials({ [provider]: tokenOf('b') })).accessKeyId, 'ASIA-b')
    })
  }

  test('changes no identity: logins that become another user’s, openIdToken and identityId', async () => {
    const { client } = scriptedClient(({ input }) => {
      const sub = subjectIn(input)
      return { IdentityId: identity(sub), Token: tokenOf(sub, { exp: Date.now() / 1_000 + 600 }) }
    })
    const pool = new IdentityPool({ identityPoolId, client })
    const logins = { [provider]: tokenOf('a') }
    const asked = [pool.openIdToken(logins).then(({ identityId }) => identityId), pool.identityId(logins)]
    logins[provider] = tokenOf('b')
    assert.deepEqual(await Promise.all(asked), [identity('a'), identity('a')])
    assert.equal(await pool.identityId(logins), identity('b'))
  })

  test('an owner that says something else each time it is read is one user all the same', async () => {
    const { pool } = stage()
    let current = 'a'
    const changing = Object.freeze({
      ...ownerOfSub('a'),
      get subject() {
        return current
      },
    })
    assert.equal(
      (await pool.credentials({ [provider]: tokenOf('a') }, { owner: changing })).accessKeyId,
      'ASIA-a',
    )
    current = 'b'
    assert.equal(
      (await pool.credentials({ [provider]: tokenOf('b') }, { owner: changing })).accessKeyId,
      'ASIA-b',
    )
  })

  test('a provider keeps to the user that it was made for', async () => {
    const { pool } = stage()
    const owner = { ...ownerOfSub('a') }
    const logins = { [provider]: tokenOf('a') }
    const handle = pool.provider(logins, { owner })
    owner.subject = 'b'
    logins[provider] = tokenOf('b')
    assert.equal((await handle()).accessKeyId, 'ASIA-a')
    assert.equal(await handle.identityId(), identity('a'))
  })

  test('a developer’s logins and tags are those of the call', async () => {
    const asked: unknown[] = []
    const token = tokenOf('developer', { exp: Date.now() / 1_000 + 900 })
    const { client } = scriptedClient(({ operation, input }) => {
      asked.push([operation, input['Logins'], input['PrincipalTags']])
      return { IdentityId: identityOf(1), Token: token, Credentials: issued('one') }
    })
    const pool = new IdentityPool({ identityPoolId, client })
    const logins: Record<string, string> = { 'login.my.app': 'a' }
    const tags: Record<string, string> = { team: 'blue' }
    const opening = pool.developerIdentity(logins, { principalTags: tags })
    logins['login.my.app'] = 'b'
    tags['team'] = 'red'
    await opening
    assert.deepEqual(asked, [
      ['GetOpenIdTokenForDeveloperIdentity', { 'login.my.app': 'a' }, { team: 'blue' }],
    ])
  })
})

describe('tokens of another user than the owner', () => {
  test('IC-21 are refused before anything is sent, and leave nothing in the cache', async () => {
    const { pool, service } = stage()
    let current = 'a'
    const handle = pool.provider({ [provider]: () => tokenOf(current) }, { owner: ownerOfSub('a') })
    current = 'b'
    await assert.rejects(handle(), { reason: 'refused', status: 403 })
    assert.equal(service.calls.length, 0)
    const a = await pool.credentials({ [provider]: tokenOf('a') }, { owner: ownerOfSub('a') })
    assert.equal(a.accessKeyId, 'ASIA-a')
  })

  test('IC-21 a provider without an owner stays with the user that it began with', async () => {
    const { pool } = stage()
    let current = 'a'
    const handle = pool.provider({ [provider]: () => tokenOf(current) })
    assert.equal((await handle()).accessKeyId, 'ASIA-a')
    current = 'b'
    await assert.rejects(handle.withRole('arn:aws:iam::111122223333:role/x')(), { reason: 'refused' })
  })
})

describe('an answer about somebody else', () => {
  test('providers without an owner are one user each', async () => {
    const { pool } = stage()
    const [ana, ben] = ['a', 'b'].map((sub) => pool.provider({ [provider]: tokenOf(sub) }))
    for (let uses = 0; uses < 2; uses += 1) {
      assert.equal((await ana?.())?.identityId, identity('a'))
      assert.equal((await ben?.())?.identityId, identity('b'))
    }
  })

  test('a user has credentials of each role that is asked for, and none are those of another', async () => {
    const { pool, service } = stage()
    const roles = ['editor', 'reader'].map((name) => `arn:aws:iam::111122223333:role/${name}`)
    const owner = { ...ownerOfSub('a'), roles }
    for (let uses = 0; uses < 2; uses += 1)
      for (const customRoleArn of [undefined, ...roles])
        await pool.credentials({ [provider]: tokenOf('a') }, { owner, customRoleArn })
    const asked = service.calls.filter(({ operation }) => operation === 'GetCredentialsForIdentity')
    assert.deepEqual(
      asked.map(({ input }) => input['CustomRoleArn']),
      [undefined, ...roles],
    )
  })

  test('one identity for two users of one issuer is not believed, and neither gets the other’s credentials', async () => {
    const { client } = scriptedClient(({ operation, input }) =>
      operation === 'GetId'
        ? { IdentityId: identityOf(1) }
        : { IdentityId: identityOf(1), Credentials: issued(subjectIn(input)) },
    )
    const pool = new IdentityPool({ identityPoolId, client })
    await pool.credentials({ [provider]: tokenOf('a') }, { owner: ownerOfSub('a') })
    const b = () => pool.credentials({ [provider]: tokenOf('b') }, { owner: ownerOfSub('b') })
    await assert.rejects(b(), { status: 503, message: /identity of another user/ })
    // The same user of another client, and of another issuer that is linked, may well have it.
    const sibling = { ...ownerOfSub('a'), clientId: 'another' }
    assert.equal(
      (await pool.credentials({ [provider]: tokenOf('a') }, { owner: sibling })).accessKeyId,
      'ASIA-a',
    )
    const linked = { ...ownerOfSub('x'), issuer: 'https://idp.example.com' }
    await pool.credentials({ [provider]: tokenOf('a') }, { owner: linked })
  })

  test('a guest’s answer is about this guest, or a 503', async () => {
    const { client } = scriptedClient(() => ({ IdentityId: identityOf(2), Credentials: issued('two') }))
    const pool = new IdentityPool({ identityPoolId, client })
    await assert.rejects(pool.guestCredentials({ identityId: identityOf(1) }), { status: 503 })
  })
})

describe('functions, clients and services that never answer', () => {
  test('a login function that never answers is a 503 within the time limit, for those who asked with it', async () => {
    const { pool } = stage({ timeoutMs: 100 })
    const owner = ownerOfSub('a')
    const never = () => new Promise<string>(() => undefined)
    await assert.rejects(pool.credentials({ [provider]: never }, { owner }), { status: 503 })
    await assert.rejects(pool.credentials({ [provider]: never }), { status: 503 })
    await sleep(1_050)
    assert.equal((await pool.credentials({ [provider]: tokenOf('a') }, { owner })).accessKeyId, 'ASIA-a')
  })

  test('calls that pay no attention to their signal give their places back', async () => {
    let silent = true
    const { pool } = stage({
      timeoutMs: 100,
      maxConcurrency: 2,
      before: () => (silent ? new Promise(() => undefined) : undefined),
    })
    const asks = Array.from({ length: 6 }, (_, index) =>
      pool.credentials({ [provider]: tokenOf(`${index}`) }),
    )
    for (const { status } of await Promise.allSettled(asks)) assert.equal(status, 'rejected')
    silent = false
    assert.equal((await pool.credentials({ [provider]: tokenOf('z') })).accessKeyId, 'ASIA-z')
  })
})

describe('who is forgotten or refused', () => {
  test('an upgrade that was on its way at sign-out is not kept', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    const { pool, service } = stage({ before: () => held })
    const owner = ownerOfSub('a')
    const logins = { [provider]: tokenOf('a') }
    const upgrading = pool.upgradeGuest(identityOf(7), logins, { owner })
    pool.forget(owner)
    answer()
    await upgrading
    service.clear()
    await pool.credentials(logins, { owner })
    assert.equal(service.count('GetCredentialsForIdentity'), 1)
  })

  test('an upgrade in a pool that is not set up well fails, and is not tried without the guest', async () => {
    const { pool, service } = stage({
      before: () => {
        throw serviceException('InvalidIdentityPoolConfigurationException')
      },
    })
    const upgrading = pool.upgradeGuest(
      identityOf(9),
      { [provider]: tokenOf('a') },
      { owner: ownerOfSub('a') },
    )
    await assert.rejects(upgrading, { reason: 'misconfigured' })
    assert.equal(service.calls.length, 1)
  })

  for (const [what, exception, asked] of [
    ['a pool that is not set up well', 'InvalidIdentityPoolConfigurationException', 0],
    ['a refusal', 'NotAuthorizedException', 1],
  ] as const)
    test(`${what} costs ${asked} more GetId once it is over`, async () => {
      let failing = true
      const { pool, service } = stage({
        before: ({ operation }) => {
          if (failing && operation !== 'GetId') throw serviceException(exception)
        },
      })
      const ask = () => pool.credentials({ [provider]: tokenOf('a') }, { owner: ownerOfSub('a') })
      await assert.rejects(ask(), CredentialsError)
      failing = false
      service.clear()
      await ask()
      assert.equal(service.count('GetId'), asked)
    })

  test('the order in which the logins of an owner are named says nothing', async () => {
    const { pool, service } = stage()
    const [one, other] = ['accounts.google.com', 'www.amazon.com']
    const token = tokenOf('a')
    for (const names of [
      [one, other],
      [other, one],
    ])
      await pool.credentials(Object.fromEntries(names.map((name) => [name, token])), {
        owner: ownerOfSub('a'),
      })
    assert.equal(service.count('GetCredentialsForIdentity'), 1)
    await pool.credentials({ [one]: token }, { owner: ownerOfSub('a') })
    assert.equal(service.count('GetCredentialsForIdentity'), 2, 'fewer logins may be another role')
  })

  for (const IdentityId of ['', 'eu-west-1', `x ${identityOf(1)}`, `${identityOf(1)} x`, 7, null])
    test(`IC-19 ${JSON.stringify(IdentityId)} is no identity: a 503, and nothing is asked with it`, async () => {
      const service = scriptedClient(() => ({ IdentityId }))
      const pool = new IdentityPool({ identityPoolId, client: service.client })
      await assert.rejects(pool.credentials({ [provider]: tokenOf('a') }), { status: 503 })
      assert.equal(service.count('GetCredentialsForIdentity'), 0)
    })

  test('IC-11 who is refused in one role loses the credentials of all', async () => {
    const role = 'arn:aws:iam::111122223333:role/editor'
    let refusing = false
    const { pool, service } = stage({
      before: ({ input }) => {
        if (refusing && input['CustomRoleArn'] !== undefined) throw serviceException('NotAuthorizedException')
      },
    })
    const owner = { ...ownerOfSub('a'), roles: [role] }
    const logins = { [provider]: tokenOf('a') }
    await pool.credentials(logins, { owner })
    refusing = true
    await assert.rejects(pool.credentials(logins, { owner, customRoleArn: role }), { reason: 'refused' })
    service.clear()
    await pool.credentials(logins, { owner })
    assert.equal(service.count('GetCredentialsForIdentity'), 1)
  })

  test('a role that was taken from the owner is refused, though its credentials are cached', async () => {
    const role = 'arn:aws:iam::111122223333:role/editor'
    const { pool } = stage()
    const logins = { [provider]: tokenOf('a') }
    await pool.credentials(logins, { owner: { ...ownerOfSub('a'), roles: [role] }, customRoleArn: role })
    await assert.rejects(
      pool.credentials(logins, { owner: { ...ownerOfSub('a'), roles: [] }, customRoleArn: role }),
      { reason: 'role_not_allowed' },
    )
  })

  test('the failure of one sign-in’s function is not the answer to another sign-in of the same user', async () => {
    const { pool } = stage()
    const owner = ownerOfSub('a')
    const ended = new Error('this sign-in has ended')
    const broken = pool.credentials({ [provider]: () => Promise.reject(ended) }, { owner })
    const healthy = pool.credentials({ [provider]: tokenOf('a') }, { owner })
    await assert.rejects(broken, ended)
    assert.equal((await healthy).accessKeyId, 'ASIA-a')
  })
})

describe('the server’s own keys', () => {
  for (const name of ['ExpiredTokenException', 'InvalidClientTokenId', 'SignatureDoesNotMatch']) {
    test(`${name} is the operator’s fault, not the user’s`, async () => {
      const { client } = scriptedClient(() => {
        throw serviceException(name)
      })
      const pool = new IdentityPool({ identityPoolId, client })
      await assert.rejects(pool.developerIdentity({ 'login.my.app': 'a' }), {
        status: 500,
        reason: 'misconfigured',
      })
    })
  }
})

test('SH-03 an OpenID token of the identity pool does not show when it is logged', async () => {
  const token = tokenOf('secret', { exp: Date.now() / 1_000 + 600 })
  const { client } = scriptedClient(() => ({ IdentityId: identityOf(1), Token: token }))
  const opened = await new IdentityPool({ identityPoolId, client }).openIdToken({ [provider]: tokenOf('a') })
  assert.equal(opened.token, token)
  for (const shown of [inspect(opened), JSON.stringify(opened)]) assert.ok(!shown.includes(token))
})

test('SH-03 what a function of the app threw, token and all, is in no event', async () => {
  const seen: unknown[] = []
  const listen = (event: unknown) => seen.push(event)
  subscribe('passport-cognito-identity:credentials', listen)
  try {
    const { pool } = stage()
    const login = () => Promise.reject(new Error(`refused ${tokenOf('canary')}`))
    await assert.rejects(pool.credentials({ [provider]: login }, { owner: ownerOfSub('a') }))
    assert.equal(seen.length, 1)
    assert.ok(!inspect(seen, { depth: 9 }).includes(tokenOf('canary')))
  } finally {
    unsubscribe('passport-cognito-identity:credentials', listen)
  }
})
