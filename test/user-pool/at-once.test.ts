import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'
import { signIn } from './sign-in.ts'

let local: LocalCognito
before(async () => {
  local = await startLocalCognito({ users: [ana] })
})
after(() => local.close())

const access = Object.freeze({ tokenUse: 'access' })

test('a new token is verified at once when its key is at hand, and the first one when the key has come', async () => {
  const { verifier } = new UserPool(local.userPool)
  const first = verifier.verify(await local.issueToken(access), access)
  assert.ok(first instanceof Promise)
  assert.equal((await first).claims.token_use, 'access')
  const second = verifier.verify(await local.issueToken(access), access)
  assert.ok(!(second instanceof Promise))
  assert.equal(second.claims.token_use, 'access')
})

test('an app that is asked whether a token is revoked is waited for', async () => {
  const { verifier } = new UserPool({ ...local.userPool, isRevoked: () => wait(5, false) })
  const token = await local.issueToken(access)
  for (let uses = 0; uses < 2; uses += 1) assert.ok(verifier.verify(token, access) instanceof Promise)
})

test('one token of a sign-in is refused at once while the other still waits for keys that do not come', async () => {
  const userPool = new UserPool(local.userPool)
  const { tokens } = await signIn(userPool, ana)
  const away = new UserPool({
    ...local.userPool,
    fetch: async () => {
      await wait(20)
      throw new TypeError('away')
    },
  })
  await assert.rejects(away.user({ ...tokens, accessToken: 'none' }), { reason: 'malformed' })
  // The process would end here with a rejection that nobody has handled.
  await wait(50)
})
