import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { CognitoIdentityClient, GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { IdentityPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'

const provider = 'login.my.app'
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`

describe('developer identities', () => {
  let local: LocalCognito
  let pool: IdentityPool
  before(async () => {
    local = await startLocalCognito({
      allowUnauthenticatedIdentities: true,
      identityPool: { developerProviderName: provider },
    })
  })
  after(() => local.close())
  beforeEach(async () => {
    await local.reset()
    pool = new IdentityPool({ ...local.identityPool, serverCredentials: local.awsCredentials })
    local.requests.clear()
  })
  const opened = () => local.requests.count('GetOpenIdTokenForDeveloperIdentity')
  const open = (user: string) => pool.developerIdentity({ [provider]: user })

  test('a user of the app’s own has an identity, and credentials that the AWS SDK signs with', async () => {
    const identity = await open('user-7')
    const credentials = await identity.credentials()
    assert.equal(credentials.identityId, identity.identityId)
    assert.equal(await identity.credentials.identityId(), identity.identityId)
    const sts = new STSClient({ ...local.sts, credentials: identity.credentials })
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    assert.match(Arn ?? '', /assumed-role\/local-authenticated\//)
    assert.equal((await open('user-7')).identityId, identity.identityId)
    assert.notEqual((await open('user-8')).identityId, identity.identityId)
  })

  test('the identity and token may be handed to a device, which gets credentials with them', async () => {
    const { identityId, logins } = await open('user-7')
    const device = new CognitoIdentityClient({ region: 'us-east-1', endpoint: local.url })
    const answer = await device.send(
      new GetCredentialsForIdentityCommand({ IdentityId: identityId, Logins: logins }),
    )
    assert.equal(answer.IdentityId, identityId)
    assert.deepEqual(Object.keys(logins), ['cognito-identity.amazonaws.com'])
  })

  test('credentials are cached for all who open the same identity, and renewed with a new token when the first has expired', async () => {
    const identity = await open('user-7')
    const first = await identity.credentials()
    assert.equal(await (await open('user-7')).credentials(), first)
    assert.equal(local.requests.count('GetCredentialsForIdentity'), 1)
    const before = opened()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 59.5 * 60_000 })
    try {
      assert.notEqual(await identity.credentials(), first)
    } finally {
      mock.timers.reset()
    }
    assert.equal(opened(), before + 1)
  })

  test('the classic flow needs no further token', async () => {
    const identity = await open('user-7')
    const credentials = await identity.classicCredentials({
      roleArn: role('local-authenticated'),
      durationSeconds: 900,
    })
    assert.equal(credentials.identityId, identity.identityId)
    assert.deepEqual(
      [local.requests.count('GetOpenIdToken'), local.requests.count('AssumeRoleWithWebIdentity')],
      [0, 1],
    )
  })

  test('a guest becomes the user, and how long the token counts is the app’s choice', async () => {
    const guest = await pool.guestCredentials()
    const options = {
      identityId: guest.identityId,
      tokenDurationSeconds: 86_400,
      principalTags: { team: 'blue' },
    }
    const identity = await pool.developerIdentity({ [provider]: 'user-9' }, options)
    assert.equal(identity.identityId, guest.identityId)
    assert.ok(Math.abs(identity.expiration.getTime() - Date.now() - 86_400_000) < 5_000)
  })

  test('users with other session tags do not share credentials', async () => {
    const open = (team: string) =>
      pool.developerIdentity({ [provider]: 'user-7' }, { principalTags: { team } })
    const [blue, red] = await Promise.all([open('blue'), open('red')])
    assert.notEqual((await blue.credentials()).accessKeyId, (await red.credentials()).accessKeyId)
  })

  test('lookup, merge and unlink', async () => {
    const [one, two] = [await open('one'), await open('two')]
    await one.credentials()
    assert.deepEqual(await pool.developerIdentities.lookup({ userIdentifier: 'one' }), {
      identityId: one.identityId,
      userIdentifiers: ['one'],
    })
    const merged = await pool.developerIdentities.merge({ provider, from: 'one', to: 'two' })
    assert.equal(merged, two.identityId)
    const { userIdentifiers } = await pool.developerIdentities.lookup({ identityId: merged })
    assert.deepEqual(userIdentifiers.toSorted(), ['one', 'two'])
    assert.equal((await (await open('one')).credentials()).identityId, two.identityId)
    await pool.developerIdentities.unlink({ identityId: merged, provider, userIdentifier: 'one' })
    assert.notEqual((await open('one')).identityId, merged)
    await assert.rejects(pool.developerIdentities.lookup({ userIdentifier: 'nobody' }), {
      reason: 'identity_not_found',
      status: 403,
    })
  })

  test('an identity that was deleted while its handle lived is made again', async () => {
    const identity = await open('user-7')
    await local.reset()
    const credentials = await identity.credentials()
    assert.notEqual(credentials.identityId, identity.identityId)
  })

  test('there is no role to choose: groups are the user pool’s', async () => {
    const { credentials } = await open('user-7')
    await assert.rejects(credentials.withRole(role('admin'))(), { reason: 'role_not_allowed' })
  })

  test('the token shows neither when it is logged nor in JSON', async () => {
    const identity = await open('user-7')
    for (const shown of [inspect(identity, { depth: 9 }), JSON.stringify(identity)])
      assert.ok(!shown.includes(identity.token) && shown.includes('redacted'))
  })

  test('a server without credentials of its own is told what is missing', async () => {
    const poor = new IdentityPool({
      ...local.identityPool,
      serverCredentials: () =>
        Promise.reject(
          Object.assign(new Error('Could not load credentials from any providers'), {
            name: 'CredentialsProviderError',
          }),
        ),
    })
    await assert.rejects(
      poor.developerIdentity({ [provider]: 'user-7' }),
      (error: Error & { status: number }) => {
        assert.equal(error.status, 500)
        assert.match(error.message, /serverCredentials/)
        return true
      },
    )
  })

  test('a wrong secret key of the server is the operator’s fault', async () => {
    const wrong = { ...local.awsCredentials, secretAccessKey: 'wrong' }
    const other = new IdentityPool({ ...local.identityPool, serverCredentials: wrong })
    await assert.rejects(other.developerIdentity({ [provider]: 'user-7' }), {
      status: 500,
      reason: 'misconfigured',
    })
  })

  const mistakes: [string, unknown, object][] = [
    ['no logins', {}, {}],
    ['no user', { [provider]: '' }, {}],
    ['a misspelt option', { [provider]: 'u' }, { tokenDuration: 60 }],
    ['no time', { [provider]: 'u' }, { tokenDurationSeconds: 0 }],
    ['tags that are no texts', { [provider]: 'u' }, { principalTags: { team: 7 } }],
  ]
  for (const [name, logins, options] of mistakes) {
    test(`${name}: a clear error, and nothing is sent`, async () => {
      await assert.rejects(pool.developerIdentity(logins as Record<string, string>, options), {
        code: /ERR_COGNITO_(CREDENTIALS|CONFIGURATION)/,
      })
      assert.equal(opened(), 0)
    })
  }
})

describe('the key for tokens of the identity pool', () => {
  const keys: [region: string, key: string][] = [
    ['eu-west-1', 'cognito-identity.amazonaws.com'],
    ['us-east-1', 'cognito-identity.amazonaws.com'],
    ['eu-south-1', 'cognito-identity.eu-south-1.amazonaws.com'],
    ['cn-north-1', 'cognito-identity.cn-north-1.amazonaws.com.cn'],
  ]
  for (const [region, key] of keys) {
    test(`in ${region} it is ${key}`, async () => {
      const sent: Record<string, unknown>[] = []
      const token = `e30.${Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 900 })).toString('base64url')}.e30`
      const client = {
        send: async ({ input }: { input: Record<string, unknown> }) => {
          sent.push(input)
          return { IdentityId: `${region}:00000000-0000-4000-8000-000000000001`, Token: token }
        },
      }
      const pool = new IdentityPool({
        identityPoolId: `${region}:128d0a74-c82f-4553-916d-90053e4a1b2c`,
        client: client as never,
      })
      const { credentials } = await pool.developerIdentity({ [provider]: 'user-7' })
      await assert.rejects(credentials(), { status: 503 })
      assert.deepEqual(sent.at(-1)?.['Logins'], { [key]: token })
    })
  }
})
