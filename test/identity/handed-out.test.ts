import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { IdentityPool } from '../../src/index.ts'
import { run } from '../support/run.ts'
import { identityOf, identityPoolId, issued, provider, scriptedClient } from './scripted-client.ts'

test('IC-18 what a caller does to the credentials reaches nobody else', async () => {
  const { client } = scriptedClient(() => ({ IdentityId: identityOf(1), Credentials: issued('one') }))
  const pool = new IdentityPool({ identityPoolId, client })
  const mine = await pool.credentials({ [provider]: 'token' })
  const until = mine.expiration.getTime()
  assert.throws(() => mine.expiration.setTime(0), TypeError)
  assert.throws(() => mine.expiration.setUTCFullYear(1970), TypeError)
  for (const name of ['accessKeyId', 'secretAccessKey', 'identityId', 'expiration', 'extra'])
    assert.throws(() => Object.assign(mine, { [name]: 'changed' }), TypeError)
  const yours = await pool.credentials({ [provider]: 'token' })
  assert.equal(yours.accessKeyId, 'ASIA-one')
  assert.equal(yours.expiration.getTime(), until)
  assert.equal(mine.expiration.getTime(), until)
  assert.deepEqual(Object.keys({ ...yours }).toSorted(), [
    'accessKeyId',
    'expiration',
    'identityId',
    'secretAccessKey',
    'sessionToken',
  ])
})

test('SH-03 neither the pool, a provider nor credentials show a secret when they are logged', async () => {
  const { client } = scriptedClient(() => ({ IdentityId: identityOf(1), Credentials: issued('one') }))
  const serverCredentials = { accessKeyId: 'AKIA-server', secretAccessKey: 'secret-of-the-server' }
  const pool = new IdentityPool({ identityPoolId, endpoint: 'http://127.0.0.1:1', serverCredentials })
  const own = new IdentityPool({ identityPoolId, client })
  const provide = own.provider({ [provider]: 'secret-token' })
  const shown = [pool, own, provide, await provide(), await own.credentials({ [provider]: 'secret-token' })]
  for (const value of shown)
    for (const text of [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value) ?? ''])
      assert.doesNotMatch(text, /secret-|session-one|ASIA-one/)
})

test('IC-20 a hundred thousand users pass through a cache of ten thousand, in bounded memory, each with their own', () => {
  const program = fileURLToPath(new URL('crowd.ts', import.meta.url))
  const printed = run(process.execPath, ['--expose-gc', '--import', 'tsx', program], process.cwd())
  const { grownMB, wrong } = JSON.parse(printed) as { grownMB: number; wrong: number[] }
  assert.deepEqual(wrong, [])
  assert.ok(grownMB <= 40, `${grownMB} MB`)
})
