import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from './sign-in.ts'

let local: LocalCognito
before(async () => (local = await startLocalCognito({ users: [ana] })))
after(() => local.close())

// By the time of the processor, which other processes do not add to; the benchmarks have the figures.
test('RX-09 ten thousand tokens are verified within two seconds of one processor, signature and all', async () => {
  const pool = new UserPool({ ...local.userPool, verifiedTokens: 0 })
  const issue = () => local.issueToken({ username: 'ana', tokenUse: 'access' })
  const tokens = await Promise.all(Array.from({ length: 100 }, issue))
  const verifyAll = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1)
      for (const token of tokens) await pool.verify(token, { tokenUse: 'access' })
  }
  await verifyAll(10)
  const before = process.cpuUsage()
  await verifyAll(100)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`)
})
