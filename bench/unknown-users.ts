// Whether time tells who has an account: npm run bench:unknown-users -- [--tries 500]
import { parseArgs } from 'node:util'
import { UserPool } from '../src/index.ts'
import { startLocalCognito } from '../src/local/index.ts'
import { printSection } from './report.ts'
import { spread } from './rounds.ts'

const { values } = parseArgs({ options: { tries: { type: 'string', default: '500' } } })
const tries = Number(values.tries)
// Wrong passwords lock a user after the fifth one: every try is another user's first.
const users = Array.from({ length: tries }, (_, index) => ({
  username: `user${index}`,
  password: 'Passw0rd!',
}))
const local = await startLocalCognito({ users, clients: [{ preventUserExistenceErrors: 'ENABLED' }] })
const userPool = new UserPool(local.userPool)

/** Milliseconds until a wrong password is refused, or one of nobody. */
async function refusal(username: string): Promise<number> {
  const start = performance.now()
  await userPool.signIn({ username, password: 'Wr0ng-passw0rd!' }).then(
    () => Promise.reject(new Error(`${username} is signed in with a wrong password`)),
    () => undefined,
  )
  return performance.now() - start
}

for (let round = 0; round < 20; round += 1) await refusal(`warming-up-${round}`)
const known: number[] = []
const unknown: number[] = []
for (let index = 0; index < tries; index += 1) {
  // In turns, so that whatever else the machine does hits both.
  const first = index % 2 === 0
  if (first) known.push(await refusal(`user${index}`))
  unknown.push(await refusal(`nobody${index}`))
  if (!first) known.push(await refusal(`user${index}`))
}
await local.close()

const median = (numbers: number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
printSection({
  title: `refusal of a sign-in, ${tries} tries each, Node ${process.version}`,
  results: [
    { name: 'wrong password', milliseconds: spread(known) },
    { name: 'unknown user', milliseconds: spread(unknown) },
  ],
})
console.log(
  `difference of the medians ${Math.abs(median(known) - median(unknown)).toFixed(2)} ms, of the means ${Math.abs(mean(known) - mean(unknown)).toFixed(2)} ms`,
)
