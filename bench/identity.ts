// Credentials of an identity pool beside the provider of the AWS SDK, all in one run: npm run bench:identity -- [--rounds 5]
// [--json bench/results/identity.json]
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isPinned, startChild } from './child.ts'
import type { CognitoOrder, CognitoReply } from './identity-cognito.ts'
import { compareCosts } from './identity-costs.ts'
import { compareWorkloads } from './identity-workloads.ts'
import { Report } from './report.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'string', default: 'bench/results/identity.json' },
  },
})
const rounds = Number(values.rounds)
// What the SDK says about this version of Node is not what is measured.
process.noDeprecation = true

const cognito = startChild<CognitoOrder, CognitoReply>('identity-cognito.ts', 1, 'development')
try {
  const { identityPool, loginsKey } = await cognito.ask({ type: 'describe' })
  if (!identityPool || loginsKey === undefined) throw new Error('The local Cognito does not say where it is.')
  const stage = { cognito, identityPool, loginsKey }
  const setting = { node: process.version, cores: availableParallelism(), pinned: isPinned, rounds }
  const report = new Report(values.json, setting)
  for await (const section of compareWorkloads(stage, rounds)) report.add(section)
  for await (const section of compareCosts(stage, rounds)) report.add(section)
  console.log(`\nAll of this is in ${values.json}.`)
} finally {
  await cognito.stop()
}
