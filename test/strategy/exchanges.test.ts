import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { CognitoStrategy, type CognitoUser, UserPool } from '../../src/index.ts'

const user = { sub: 'ana' } as CognitoUser

test('an exchange is found by its state until it is done, and the strategy that is logged meanwhile shows no state', async () => {
  const userPool = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'c', domain: 'shop-dev' })
  const strategy = new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' })
  const { exchanges } = strategy.options
  let finish: (user: CognitoUser) => void = () => undefined
  const running = exchanges.run('secret-state', () => new Promise((resolve) => (finish = resolve)))
  assert.equal(exchanges.get('secret-state'), running)
  assert.equal(exchanges.get('another'), undefined)
  assert.doesNotMatch(inspect(strategy, { depth: 10, showHidden: true }), /secret-state/)
  finish(user)
  assert.equal(await running, user)
  assert.equal(exchanges.get('secret-state'), undefined)
})

test('an exchange that fails is forgotten too', async () => {
  const userPool = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'c', domain: 'shop-dev' })
  const strategy = new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' })
  const { exchanges } = strategy.options
  await assert.rejects(
    exchanges.run('state', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  assert.equal(exchanges.get('state'), undefined)
})
