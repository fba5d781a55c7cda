import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startLocalCognito, type LocalCognito } from '../../src/local/index.ts'
import { sealingKey } from '../support/processes.ts'
import { noRedis, startRedis, type TestRedis } from '../support/redis.ts'
import type { AppSettings } from './settings.ts'

let local: LocalCognito
let redis: TestRedis
before(async () => {
  if (noRedis) return
  redis = await startRedis()
  local = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] })
})
after(async () => {
  if (noRedis) return
  await redis.close()
  await local.close()
})

test(
  'FL-05 a script that makes everything, verifies a token and closes ends by itself',
  { skip: noRedis },
  async () => {
    const { userPool, identityPool } = local
    const settings: AppSettings = {
      publicUrl: 'http://127.0.0.1',
      userPool,
      identityPool,
      store: { url: redis.url },
      sessions: { url: redis.url },
      sealingKey,
      aheadMs: 0,
    }
    const env = {
      ...process.env,
      FLEET: JSON.stringify(settings),
      TOKEN: await local.issueToken({ username: 'ana', tokenUse: 'id' }),
    }
    const script = fileURLToPath(new URL('script.ts', import.meta.url))
    const execArgv = process.execArgv.filter((arg) => !arg.startsWith('--test'))
    // Killed if it does not.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...execArgv, script], {
      env,
      timeout: 60_000,
    })
    assert.equal(stderr, '')
    assert.match(stdout, /^\{"sub":"[0-9a-f-]{36}","identityId":"[\w-]+:[0-9a-f-]{36}"\}\n$/)
  },
)
