import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'

/** Everything is made, a token is verified, and credentials are fetched. Then there is nothing left to do. */
const program = `
import assert from 'node:assert/strict'
import { bearer, CognitoStrategy, IdentityPool, logout, onEvent, requireAuth, session, UserPool } from './src/index.ts'

const [user, identity, token, idToken] = JSON.parse(process.argv[1])
const userPool = new UserPool(user)
const identityPool = new IdentityPool(identity)
new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' })
session({ userPool, identityPool })
bearer({ userPool })
requireAuth()
logout({ userPool, identityPool, returnTo: 'https://app.example.com/' })
onEvent('refresh', () => undefined)
assert.equal((await userPool.verify(token, { tokenUse: 'access' })).token_use, 'access')
assert.ok((await identityPool.credentials({ [userPool.loginsKey]: idToken })).accessKeyId)
const done = performance.now()
process.on('exit', () => console.log(Math.round(performance.now() - done)))
`

test('FL-05 a program that has used everything ends by itself within a second', async (t) => {
  const local = await startLocalCognito({ users: [ana] })
  t.after(() => local.close())
  const token = await local.issueToken({ username: 'ana', tokenUse: 'access' })
  const idToken = await local.issueToken({ username: 'ana', tokenUse: 'id' })
  const input = JSON.stringify([local.userPool, local.identityPool, token, idToken])
  const args = ['--import', 'tsx', '--input-type=module', '-e', program, input]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
  let [said, failed] = ['', '']
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (failed += String(chunk)))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  assert.deepEqual([code, signal], [0, null], failed)
  assert.match(said, /^\d+\n$/)
  assert.ok(Number(said) < 1_000, `it took ${said.trim()} ms`)
})
