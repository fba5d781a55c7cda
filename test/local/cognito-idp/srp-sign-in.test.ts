import assert from 'node:assert/strict'
import test from 'node:test'
import { createSecretHash } from 'cognito-srp-helper'
import { claimsOf } from '../domain.ts'
import { beginSrp } from './srp-client.ts'
import {
  ana,
  invalid,
  invalidSession,
  notAuthorized,
  refused,
  stage,
  wrongPassword,
  type Stage,
} from './stage.ts'

const begin = ({ local, sdk }: Stage, username = 'ana') =>
  beginSrp(sdk, local.userPool.userPoolId, { username, password: ana.password })

test('a password is proved without being sent, and gives tokens of the API', async (t) => {
  const on = await stage(t)
  const { first, answer } = await begin(on)
  assert.equal(first.ChallengeName, 'PASSWORD_VERIFIER')
  assert.deepEqual(Object.keys(first.ChallengeParameters ?? {}).sort(), [
    ...['SALT', 'SECRET_BLOCK', 'SRP_B', 'USERNAME', 'USER_ID_FOR_SRP'],
  ])
  const { AuthenticationResult, ChallengeParameters } = await answer({}, { Session: first.Session ?? '' })
  assert.deepEqual(ChallengeParameters, {})
  assert.equal(claimsOf(AuthenticationResult?.IdToken ?? '')['cognito:username'], 'ana')
  assert.equal(claimsOf(AuthenticationResult?.AccessToken ?? '')['scope'], 'aws.cognito.signin.user.admin')
  assert.equal(AuthenticationResult?.NewDeviceMetadata, undefined)
})

test('the proof is taken without a Session too, and once', async (t) => {
  const { answer } = await begin(await stage(t))
  assert.notEqual((await answer()).AuthenticationResult?.AccessToken, undefined)
  await refused(answer(), notAuthorized, wrongPassword)
})

test('many sign-ins in a row succeed, whatever numbers they draw', async (t) => {
  const on = await stage(t)
  for (let round = 0; round < 5; round += 1) {
    const { AuthenticationResult } = await on.srp(ana.username, ana.password)
    assert.notEqual(AuthenticationResult?.AccessToken, undefined, `round ${round}`)
  }
})

test('a password beyond ASCII is proved', async (t) => {
  const password = 'パスワード-Ünï1!'
  const on = await stage(t, { users: [{ ...ana, password }] })
  assert.notEqual((await on.srp('ana', password)).AuthenticationResult, undefined)
})

for (const [what, changes] of [
  ['another timestamp', { TIMESTAMP: 'Tue May 7 00:09:40 UTC 2024' }],
  ['a forged signature', { PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString('base64') }],
  ['another secret block', { PASSWORD_CLAIM_SECRET_BLOCK: Buffer.alloc(32).toString('base64') }],
  ['another user', { USERNAME: 'bo' }],
] as const) {
  test(`a proof with ${what} is refused`, async (t) => {
    const { answer } = await begin(await stage(t))
    await refused(answer(changes), notAuthorized, wrongPassword)
  })
}

test('a proof counts while it is fresh, with a day without a leading zero', async (t) => {
  const on = await stage(t)
  const { clock } = on.local
  // A day with one digit.
  clock.advance((Date.UTC(2024, 4, 7, 0, 9, 40) - clock.now()) / 1000)
  for (const [timestamp, taken] of [
    ['Tue May 7 00:09:40 UTC 2024', true],
    ['Tue May 7 00:06:00 UTC 2024', true],
    ['Tue May 07 00:09:40 UTC 2024', false],
    ['Tue May 7 00:03:00 UTC 2024', false],
    ['Tue May 7 00:17:00 UTC 2024', false],
  ] as const) {
    const { answer } = await begin(on)
    const sent = answer({}, { timestamp })
    if (taken) assert.notEqual((await sent).AuthenticationResult, undefined, timestamp)
    else await refused(sent, notAuthorized, wrongPassword)
  }
})

test('a wrong password is refused at the proof', async (t) => {
  await refused((await stage(t)).srp('ana', 'wrong'), notAuthorized, wrongPassword)
})

test('who does not exist is asked for a proof like anybody, with the same salt each time, and refused like a wrong password', async (t) => {
  const on = await stage(t)
  const one = await begin(on, 'nobody')
  const two = await begin(on, 'nobody')
  const other = await begin(on, 'nobody2')
  const salt = (begun: typeof one) => begun.first.ChallengeParameters?.['SALT']
  assert.equal(salt(one), salt(two))
  assert.notEqual(salt(one), salt(other))
  assert.deepEqual(
    Object.keys(one.first.ChallengeParameters ?? {}),
    Object.keys((await begin(on)).first.ChallengeParameters ?? {}),
  )
  await refused(one.answer(), notAuthorized, wrongPassword)
})

test('a client with LEGACY existence errors is told who does not exist', async (t) => {
  const clients = [{ clientId: 'public1', preventUserExistenceErrors: 'LEGACY' as const }]
  const on = await stage(t, { clients })
  await refused(begin(on, 'nobody'), 'UserNotFoundException', 'User does not exist.')
  const parameters = { USERNAME: 'nobody', PASSWORD: 'x' }
  await refused(
    on.initiate('USER_PASSWORD_AUTH', parameters),
    'UserNotFoundException',
    'User does not exist.',
  )
})

for (const [what, srpA] of [
  ['nothing', undefined],
  ['no hexadecimal digits', 'xyz'],
  ['zero', '0'],
  ['more digits than the group has', 'f'.repeat(769)],
] as const) {
  test(`an SRP_A of ${what} is refused`, async (t) => {
    const on = await stage(t)
    const parameters = { USERNAME: 'ana', ...(srpA === undefined ? {} : { SRP_A: srpA }) }
    const message = srpA === undefined ? 'Missing required parameter SRP_A' : 'Invalid SRP_A'
    await refused(on.initiate('USER_SRP_AUTH', parameters), invalid, message)
  })
}

test('a confidential client proves its secret at both steps, with the internal name at the second', async (t) => {
  const clientSecret = 'l0calSecretOfTheConfidentialClient'
  const on = await stage(t, {
    userPool: { aliasAttributes: ['email'] },
    clients: [{ clientId: 'confidential1', clientSecret }],
  })
  const hash = (name: string) => createSecretHash(name, 'confidential1', clientSecret)
  const first = (secretHash?: string) =>
    beginSrp(
      on.sdk,
      on.local.userPool.userPoolId,
      { username: 'ana', password: ana.password },
      {
        clientId: 'confidential1',
        parameters: {
          USERNAME: 'ana@example.com',
          ...(secretHash === undefined ? {} : { SECRET_HASH: secretHash }),
        },
      },
    )
  const unable = 'Unable to verify secret hash for client confidential1'
  await refused(first(hash('ana')), notAuthorized, unable)
  const missing = 'Client confidential1 is configured with secret but SECRET_HASH was not received'
  await refused(first(), notAuthorized, missing)
  for (const [name, taken] of [
    ['ana@example.com', false],
    ['ana', true],
  ] as const) {
    const begun = await first(hash('ana@example.com'))
    assert.equal(begun.first.ChallengeParameters?.['USER_ID_FOR_SRP'], 'ana')
    const sent = begun.answer({ SECRET_HASH: hash(name) })
    if (taken) assert.notEqual((await sent).AuthenticationResult, undefined)
    else await refused(sent, notAuthorized, unable)
  }
})

test('a temporary password leads to a new one after SRP too, and then SRP takes the new one', async (t) => {
  const on = await stage(t, { users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] })
  const question = await on.srp('ana', ana.password)
  assert.equal(question.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  const responses = { USERNAME: 'ana', NEW_PASSWORD: 'N3w-pass-phrase!' }
  const done = await on.respond('NEW_PASSWORD_REQUIRED', responses, question.Session)
  assert.notEqual(done.AuthenticationResult?.AccessToken, undefined)
  await refused(on.srp('ana', ana.password), notAuthorized, wrongPassword)
  assert.notEqual((await on.srp('ana', 'N3w-pass-phrase!')).AuthenticationResult, undefined)
})

test('a proof under the Session of another sign-in is refused', async (t) => {
  const on = await stage(t)
  const one = await begin(on)
  const other = await begin(on)
  await refused(one.answer({}, { Session: other.first.Session ?? '' }), notAuthorized, wrongPassword)
  await refused(one.answer({}, { Session: 'x'.repeat(40) }), notAuthorized, invalidSession)
})
