import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { inspect } from 'node:util'
import { IdentityPool } from '../../src/index.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  ownerNumber,
  provider,
  scriptedClient,
} from './scripted-client.ts'

const limits = { requestsPerSecond: { GetId: 1e5, others: 1e5 } }

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

test('IC-20 a hundred thousand users pass through a cache of ten thousand, in bounded memory, each with their own', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { client, calls } = scriptedClient(({ operation, input }) => {
    calls.length = 0
    const token = Object.values(input['Logins'] as Record<string, string>)[0] as string
    if (operation === 'GetId') return { IdentityId: identityOf(Number(token)) }
    // As long as those of AWS, and in memory of its own.
    const SessionToken = Buffer.alloc(1_300, token).toString('latin1')
    return { IdentityId: input['IdentityId'], Credentials: { ...issued(token), SessionToken } }
  })
  const pool = new IdentityPool({ identityPoolId, client, ...limits })
  const ask = (user: number) => pool.credentials({ [provider]: String(user) }, { owner: ownerNumber(user) })
  await ask(0)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let user = 0; user < 100_000; user += 1_000) {
    const users = Array.from({ length: 1_000 }, (_, index) => user + index)
    const given = await Promise.all(users.map(ask))
    assert.ok(given.every(({ accessKeyId }, index) => accessKeyId === `ASIA-${user + index}`))
  }
  collect()
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20
  assert.ok(grown <= 40, `${grown.toFixed(1)} MB`)
  assert.equal((await ask(0)).accessKeyId, 'ASIA-0', 'who fell out gets their own again')
})
