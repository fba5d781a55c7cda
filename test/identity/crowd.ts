// A process of its own, whose memory nothing else uses: a hundred thousand users pass through a pool's caches.
// Prints { grownMB, wrong }.
import { IdentityPool } from '../../src/index.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  ownerNumber,
  provider,
  scriptedClient,
} from './scripted-client.ts'

const USERS = 100_000
const { client, calls } = scriptedClient(({ operation, input }) => {
  calls.length = 0
  const token = Object.values(input['Logins'] as Record<string, string>)[0] as string
  if (operation === 'GetId') return { IdentityId: identityOf(Number(token)) }
  // As long as those of AWS, and in memory of its own.
  const SessionToken = Buffer.alloc(1_300, token).toString('latin1')
  return { IdentityId: input['IdentityId'], Credentials: { ...issued(token), SessionToken } }
})
const pool = new IdentityPool({
  identityPoolId,
  client,
  requestsPerSecond: { GetId: 1e5, others: 1e5 },
})
const wrong: number[] = []

async function ask(user: number): Promise<void> {
  const logins = { [provider]: String(user) }
  const { accessKeyId, identityId } = await pool.credentials(logins, { owner: ownerNumber(user) })
  if (accessKeyId !== `ASIA-${user}` || identityId !== identityOf(user)) wrong.push(user)
}

function heapUsed(): number {
  gc?.()
  return process.memoryUsage().heapUsed
}

await ask(0)
const before = heapUsed()
for (let user = 0; user < USERS; user += 1_000)
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => ask(user + index)))
const grownMB = Number(((heapUsed() - before) / 2 ** 20).toFixed(1))
await ask(0)
console.log(JSON.stringify({ grownMB, wrong }))
