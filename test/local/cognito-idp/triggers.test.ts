import assert from 'node:assert/strict'
import test from 'node:test'
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalPreTokenGenerationEvent, LocalTriggers } from '../../../src/local/index.ts'
import { claimsOf, tokensFor } from '../domain.ts'
import { ana, refused, stage, type Stage } from './stage.ts'

const password = { USERNAME: 'ana', PASSWORD: ana.password }

async function tokens(on: Stage) {
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', password)
  const { IdToken = '', AccessToken = '', RefreshToken = '' } = AuthenticationResult ?? {}
  return { id: claimsOf(IdToken), access: claimsOf(AccessToken), refreshToken: RefreshToken }
}

function generating(
  change: (response: LocalPreTokenGenerationEvent['response']) => void,
  preTokenGenerationVersion: 'V1_0' | 'V2_0' = 'V2_0',
  seen: LocalPreTokenGenerationEvent[] = [],
) {
  const triggers: LocalTriggers = {
    preTokenGenerationVersion,
    preTokenGeneration(event) {
      seen.push(structuredClone(event))
      change(event.response)
      return event
    },
  }
  return { userPool: { triggers }, users: [{ ...ana, groups: ['admin'] }] }
}

test('a trigger adds claims to both tokens and takes some away, but not those that say who it is', async (t) => {
  const on = await stage(
    t,
    generating((response) => {
      response.claimsAndScopeOverrideDetails = {
        idTokenGeneration: {
          claimsToAddOrOverride: {
            plan: { seats: 7 },
            email: 'other@example.com',
            sub: 'x',
            'cognito:username': 'x',
            aud: 'x',
          },
          claimsToSuppress: ['phone_number', 'iss'],
        },
        accessTokenGeneration: {
          claimsToAddOrOverride: { tenant: 'acme', client_id: 'x', aud: 'https://elsewhere.example' },
          scopesToAdd: ['orders/read'],
          scopesToSuppress: ['aws.cognito.signin.user.admin'],
        },
      }
    }),
  )
  const { id, access } = await tokens(on)
  assert.deepEqual(
    [id['plan'], id['email'], id['phone_number']],
    [{ seats: 7 }, 'other@example.com', undefined],
  )
  assert.deepEqual(
    [id['cognito:username'], id['aud'], id['iss']],
    ['ana', 'public1', on.local.userPool.issuer],
  )
  assert.notEqual(id['sub'], 'x')
  assert.deepEqual(
    [access['tenant'], access['client_id'], access['aud'], access['scope']],
    ['acme', 'public1', undefined, 'orders/read'],
  )
})

test('groups may be replaced or left out, and the roles with them', async (t) => {
  const replacing = await stage(
    t,
    generating((response) => {
      response.claimsAndScopeOverrideDetails = {
        groupOverrideDetails: {
          groupsToOverride: ['buyers'],
          iamRolesToOverride: ['arn:aws:iam::000000000000:role/b'],
          preferredRole: 'arn:aws:iam::000000000000:role/b',
        },
      }
    }),
  )
  const { id, access } = await tokens(replacing)
  assert.deepEqual([id['cognito:groups'], access['cognito:groups']], [['buyers'], ['buyers']])
  assert.deepEqual(
    [id['cognito:preferred_role'], access['cognito:preferred_role']],
    ['arn:aws:iam::000000000000:role/b', undefined],
  )
  const without = await stage(
    t,
    generating((response) => {
      response.claimsAndScopeOverrideDetails = { idTokenGeneration: { claimsToSuppress: ['cognito:groups'] } }
    }),
  )
  const second = await tokens(without)
  assert.deepEqual([second.id['cognito:groups'], second.access['cognito:groups']], [undefined, ['admin']])
})

test('version 1 changes the ID token', async (t) => {
  const change = (response: LocalPreTokenGenerationEvent['response']) => {
    response.claimsOverrideDetails = {
      claimsToAddOrOverride: { plan: '7' },
      claimsToSuppress: ['email'],
      groupOverrideDetails: { groupsToOverride: ['x'] },
    }
  }
  const { id, access } = await tokens(await stage(t, generating(change, 'V1_0')))
  assert.deepEqual([id['plan'], id['email'], id['cognito:groups']], ['7', undefined, ['x']])
  assert.deepEqual([access['plan'], access['cognito:groups']], [undefined, ['x']])
})

test('the trigger is told why tokens are made, of whom, and with which groups and scopes', async (t) => {
  const seen: LocalPreTokenGenerationEvent[] = []
  const on = await stage(
    t,
    generating(() => undefined, 'V2_0', seen),
  )
  const { refreshToken } = await tokens(on)
  await on.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refreshToken })
  await tokensFor(on.local)
  assert.deepEqual(
    seen.map(({ triggerSource, version }) => [triggerSource, version]),
    [
      ['TokenGeneration_Authentication', '2'],
      ['TokenGeneration_RefreshTokens', '2'],
      ['TokenGeneration_HostedAuth', '2'],
    ],
  )
  const [first, , third] = seen
  assert.equal(first?.userName, 'ana')
  assert.equal(first.request.userAttributes['email'], ana.email)
  assert.deepEqual(first.request.groupConfiguration.groupsToOverride, ['admin'])
  assert.deepEqual(first.request.scopes, ['aws.cognito.signin.user.admin'])
  assert.deepEqual(third?.request.scopes, ['openid', 'email'])
})

test('the pre authentication trigger may refuse, knowing what the client sent', async (t) => {
  const seen: unknown[] = []
  const on = await stage(t, {
    userPool: {
      triggers: {
        preAuthentication(event) {
          seen.push([event.userName, event.request.validationData, event.request.userNotFound])
          if (event.request.validationData?.['from'] === 'abroad') throw new Error('not from there')
          return event
        },
      },
    },
  })
  const from = (place: string, USERNAME = 'ana') =>
    on.sdk.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: 'public1',
        AuthParameters: { ...password, USERNAME },
        ClientMetadata: { from: place },
      }),
    )
  assert.notEqual((await from('home')).AuthenticationResult, undefined)
  await refused(
    from('abroad'),
    'UserLambdaValidationException',
    'PreAuthentication failed with error not from there.',
  )
  await assert.rejects(from('home', 'nobody'), { name: 'NotAuthorizedException' })
  assert.deepEqual(seen, [
    ['ana', { from: 'home' }, undefined],
    ['ana', { from: 'abroad' }, undefined],
    ['nobody', { from: 'home' }, true],
  ])
})

test('the post authentication trigger hears of a sign-in, and whether the device is new', async (t) => {
  const seen: unknown[] = []
  const on = await stage(t, {
    userPool: {
      deviceConfiguration: {},
      triggers: {
        postAuthentication(event) {
          seen.push([event.triggerSource, event.userName, event.request.newDeviceUsed])
          return event
        },
      },
    },
  })
  await tokens(on)
  assert.deepEqual(seen, [['PostAuthentication_Authentication', 'ana', true]])
})

test('the user migration trigger brings a user with the password that was typed, once', async (t) => {
  const calls: unknown[] = []
  const on = await stage(t, {
    users: [],
    userPool: {
      triggers: {
        userMigration(event) {
          calls.push([event.triggerSource, event.userName, event.request.password])
          if (event.request.password !== ana.password) throw new Error('wrong password')
          event.response.userAttributes = { email: ana.email, email_verified: 'true' }
          event.response.finalUserStatus = 'CONFIRMED'
          return event
        },
      },
    },
  })
  await refused(
    on.initiate('USER_PASSWORD_AUTH', { ...password, PASSWORD: 'x' }),
    'UserLambdaValidationException',
    'UserMigration failed with error wrong password.',
  )
  const { id } = await tokens(on)
  assert.deepEqual([id['email'], id['email_verified'], id['cognito:username']], [ana.email, true, 'ana'])
  await tokens(on)
  assert.deepEqual(calls.length, 2)
  assert.deepEqual(calls[1], ['UserMigration_Authentication', 'ana', ana.password])
})

test('what a trigger does to its event afterwards changes nothing', async (t) => {
  let kept: LocalPreTokenGenerationEvent | undefined
  const on = await stage(t, {
    userPool: {
      triggers: {
        preTokenGeneration(event) {
          event.request.userAttributes['email'] = 'forged@example.com'
          kept = event
          return event
        },
      },
    },
  })
  const { id } = await tokens(on)
  assert.notEqual(kept, undefined)
  assert.equal(id['email'], ana.email)
})
