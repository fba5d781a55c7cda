import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { STSClient } from '@aws-sdk/client-sts'
import {
  ConfigurationError,
  IdentityPool,
  type IdentityPoolOptions,
  loginProviders,
} from '../../src/index.ts'
import { identityPoolId, scriptedClient } from './scripted-client.ts'

const { client } = scriptedClient(() => ({}))
const stsClient = new STSClient({ region: 'eu-west-1' })
const serverCredentials = { accessKeyId: 'AKIA', secretAccessKey: 'canary' }

describe('CF-05 options of an identity pool', () => {
  const wrong: [named: string, options: Record<string, unknown>][] = [
    ['identityPoolId', { identityPoolId: undefined }],
    ['identityPoolId', { identityPoolId: '' }],
    ['identityPoolId', { identityPoolId: 'eu-west-1_AbCdEf123' }],
    ['identityPoolId', { identityPoolId: `x${identityPoolId} ` }],
    ['identityPoolId', { identityPoolId: `eu-west-1:${'a'.repeat(46)}` }],
    ['endpoint', { endpoint: 'http://cognito.example.com' }],
    ['endpoint', { endpoint: 7 }],
    ['stsEndpoint', { stsEndpoint: 'sts.example.com' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: 60_001 }],
    ['timeoutMs', { timeoutMs: 1.5 }],
    ['timeoutMs', { timeoutMs: '5000' }],
    ['client', { client: {} }],
    ['client', { client: null }],
    ['client', { client, endpoint: 'https://cognito.example.com' }],
    ['client', { client, serverCredentials }],
    ['stsClient', { stsClient: { send: 'no function' } }],
    ['stsClient', { stsClient, stsEndpoint: 'https://sts.example.com' }],
    ['serverCredentials', { serverCredentials: 'canary' }],
    ['serverCredentials', { serverCredentials: { accessKey: 'canary' } }],
    ['customRoleArn', { customRoleArn: 'admin' }],
    ['customRoleArn', { customRoleArn: `arn:aws:iam::111122223333:role/${'r'.repeat(2_048)}` }],
    ['GetId', { requestsPerSecond: { GetId: 0 } }],
    ['others', { requestsPerSecond: { others: Number.NaN } }],
    ['getId', { requestsPerSecond: { getId: 25 } }],
    ['requestsPerSecond', { requestsPerSecond: 25 }],
    ['maxConcurrency', { maxConcurrency: 0 }],
    ['maxConcurrency', { maxConcurrency: 2.5 }],
    ['maxEntries', { maxEntries: 0 }],
    ['maxEntries', { maxEntries: 1_000_001 }],
    ['maxEntrys', { maxEntrys: 10 }],
  ]
  for (const [named, options] of wrong) {
    test(`"${named}" is named, and no value is repeated: ${Object.keys(options).join(', ')}`, () => {
      const make = () => new IdentityPool({ identityPoolId, ...options })
      assert.throws(make, (error: unknown) => {
        assert.ok(error instanceof ConfigurationError)
        assert.ok(error.message.includes(named), error.message)
        assert.ok(error.message.startsWith('IdentityPool'), error.message)
        assert.doesNotMatch(error.message, /canary/)
        return true
      })
    })
  }

  const right: Partial<IdentityPoolOptions>[] = [
    {},
    { endpoint: 'https://cognito.example.com', stsEndpoint: 'http://127.0.0.1:9229' },
    { client, stsClient },
    { serverCredentials },
    { serverCredentials: async () => serverCredentials },
    { timeoutMs: 1, maxConcurrency: 1, maxEntries: 1, requestsPerSecond: { GetId: 0.1 } },
    {
      timeoutMs: 60_000,
      maxConcurrency: 10_000,
      maxEntries: 1_000_000,
      requestsPerSecond: { others: 100_000 },
    },
    { customRoleArn: 'arn:aws-cn:iam::111122223333:role/team/editor' },
    { customRoleArn: undefined, requestsPerSecond: undefined, serverCredentials: undefined },
  ]
  for (const options of right) {
    test(`what is right is taken: ${Object.keys(options).join(', ')}`, () => {
      assert.equal(new IdentityPool({ identityPoolId, ...options }).region, 'eu-west-1')
    })
  }

  test('a region of several words, and of China, is read from the id', () => {
    for (const region of ['us-gov-west-1', 'cn-north-1', 'ap-southeast-2'])
      assert.equal(
        new IdentityPool({ identityPoolId: `${region}:128d0a74-c82f-4553-916d-90053e4a1b2c` }).region,
        region,
      )
  })

  test('no options at all is said so', () => {
    assert.throws(() => new IdentityPool(undefined as never), ConfigurationError)
  })

  test('the names of providers are those of AWS', () => {
    assert.deepEqual(Object.values(loginProviders), [
      'graph.facebook.com',
      'accounts.google.com',
      'www.amazon.com',
      'appleid.apple.com',
      'api.twitter.com',
      'www.digits.com',
    ])
    assert.ok(Object.isFrozen(loginProviders))
  })
})
