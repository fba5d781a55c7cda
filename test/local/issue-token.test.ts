import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { claimsOf, start } from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

for (const [what, order, named] of [
  ['nothing', undefined, /"issueToken"/],
  ['a misspelt member', { tokenUse: 'id', expiresIn: 60 }, /issueToken\.expiresIn"/],
  ['no use', {}, /"issueToken\.tokenUse"/],
  ['a use that tokens do not have', { tokenUse: 'refresh' }, /"issueToken\.tokenUse"/],
  [
    'an expiry that is no number',
    { tokenUse: 'id', expiresInSeconds: NaN },
    /"issueToken\.expiresInSeconds"/,
  ],
  ['an endless expiry', { tokenUse: 'id', expiresInSeconds: Infinity }, /"issueToken\.expiresInSeconds"/],
  ['an expiry in words', { tokenUse: 'id', expiresInSeconds: '60' }, /"issueToken\.expiresInSeconds"/],
  ['claims that are no object', { tokenUse: 'id', claims: 'sub' }, /"issueToken\.claims"/],
  ['a header that is a list', { tokenUse: 'id', header: ['kid'] }, /"issueToken\.header"/],
  ['an unknown user', { tokenUse: 'id', username: 'nobody' }, /"username"/],
  ['an unknown client', { tokenUse: 'id', clientId: 'nobody' }, /"clientId"/],
] as const) {
  test(`an order of a token with ${what} is refused by name`, async () => {
    await assert.rejects(local.issueToken(order as never), { name: 'ConfigurationError', message: named })
  })
}

test('a token may have expired, and any claim', async () => {
  const order = { tokenUse: 'id', expiresInSeconds: -60, claims: { email: undefined, x: [1] } } as const
  const { exp, iat, email, x } = claimsOf(await local.issueToken(order))
  assert.deepEqual([Number(exp) - Number(iat), email, x], [-60, undefined, [1]])
})
