// This package beside its peers, all in one run: npm run bench -- [--only in-process,over-http,refusals,sessions]
// [--contenders bearer,jose] [--rounds 7] [--seconds 1] [--json bench/results/latest.json]
import { availableParallelism } from 'node:os'
import { isPinned } from './child.ts'
import { BATCH, compareInProcess } from './in-process.ts'
import { describeIssuer, startIssuer } from './issuer.ts'
import { type Options, readOptions } from './options.ts'
import { compareOverHttp } from './over-http.ts'
import { compareRefusals } from './refusals.ts'
import { Report, type Section } from './report.ts'
import type { Length } from './rounds.ts'
import { compareSessions } from './sessions.ts'
import { mintTokens } from './tokens.ts'

/** Who is faster than this with new tokens is measured for less than the whole time. */
const FRESH_PER_SECOND = 5_000

const options = readOptions(process.argv.slice(2))
const { json, rounds, seconds } = options
const setting = { node: process.version, cores: availableParallelism(), pinned: isPinned, rounds, seconds }
const report = new Report(json, setting)
for await (const section of compareAll(options)) report.add(section)
console.log(`\nAll of this is in ${json}.`)

async function* compareAll({ only, guards, ...overHttp }: Options): AsyncGenerator<Section> {
  // In process nothing has to start, and nobody shares the work: a shorter time will do.
  const inProcess = { ...overHttp, seconds: overHttp.seconds / 4 }
  const local = await startIssuer()
  try {
    const issuer = await describeIssuer(local)
    const material = { issuer, tokens: await mintTokens(local, issuer, freshFor(overHttp)) }
    if (only.has('in-process')) yield* compareInProcess(guards, material, inProcess)
    if (only.has('over-http')) yield* compareOverHttp(Object.keys(guards), material, overHttp)
    if (only.has('refusals')) yield* compareRefusals(guards, local, issuer)
  } finally {
    await local.close()
  }
  if (only.has('sessions')) yield* compareSessions(inProcess, overHttp)
}

/** How many tokens there must be that nobody has seen, for the rounds and the warm-up. */
function freshFor({ rounds, seconds }: Length): number {
  return (rounds + 1) * Math.max(BATCH, Math.ceil(seconds * FRESH_PER_SECOND))
}
