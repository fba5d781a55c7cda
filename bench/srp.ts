// What one password sign-in with SRP costs the event loop, beside the libraries of npm: npm run bench:srp -- [--rounds 15]
import { parseArgs } from 'node:util'
import { createEphemeral } from '../src/user-pool/sign-in/srp.ts'
import { printSection, type Result } from './report.ts'
import { compareRounds, measureRounds, spread } from './rounds.ts'
import { srpClients, type SrpClient, type SrpUser } from './srp-clients.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const user: SrpUser = {
  userPoolId: 'eu-west-1_AbCdEf123',
  id: '3f6b7c1e-2a4d-4e8f-9b0a-5c6d7e8f9a0b',
  password: 'Tr0ub4dor&3',
}
const answer = {
  salt: 'baf4431cdaa37c04c0d655a99f5e9b9b',
  srpB: createEphemeral().srpA,
  secretBlock: Buffer.alloc(900, 7).toString('base64'),
}

/** Milliseconds of one whole client side: first message and proof. All of it blocks. */
async function handshake(client: SrpClient): Promise<number> {
  const start = performance.now()
  const { prove } = await client(user)
  await prove(answer)
  return performance.now() - start
}

const ours = 'this package'
const measured = Object.entries(srpClients).map(([name, client]) => ({
  name,
  measure: () => handshake(client),
}))
const figures = await measureRounds(measured, Number(values.rounds))
const results = [...figures].map(([name, ms]): Result => ({
  name,
  milliseconds: spread(ms),
  timesOurs: compareRounds(figures, name, ours, (figure, base) => figure / base),
}))
printSection({ title: `SRP, one sign-in, Node ${process.version}`, results })
