// What `bearer` costs, beside a route without it and a peer: npm run bench -- [--seconds 1] [--rounds 10] [--json FILE]
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { compareInProcess } from './in-process.ts'
import { compareOverHttp } from './over-http.ts'
import type { Result } from './rounds.ts'
import { issueSubject, startIssuer } from './subject.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
})
await run({ seconds: positive('seconds', values.seconds), rounds: positive('rounds', values.rounds) })

async function run({ seconds, rounds }: { seconds: number; rounds: number }): Promise<void> {
  const local = await startIssuer()
  try {
    const subject = await issueSubject(local)
    const inProcess = await compareInProcess(subject, { rounds, seconds: seconds / 10 })
    const overHttp = await compareOverHttp(subject, { rounds, seconds })
    const setting = {
      node: process.version,
      cores: availableParallelism(),
      tokenBytes: subject.token.length,
      rounds,
      seconds,
    }
    print(setting, overHttp, inProcess)
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify({ ...setting, overHttp, inProcess }, null, 2)}\n`)
    }
  } finally {
    await local.close()
  }
}

function print(setting: Record<string, string | number>, overHttp: Result[], inProcess: Result[]): void {
  const facts = Object.entries(setting).map(([name, value]) => `${name} ${value}`)
  console.log(`${facts.join(', ')}\n`)
  console.log(row('Over HTTP', 'requests/s', '× plain route'))
  for (const { name, median, ...result } of overHttp)
    console.log(row(name, median.toFixed(0), ...ratio(result)))
  console.log(`\n${row('In process', '', '× time of crypto.verify')}`)
  for (const { name, ...result } of inProcess) console.log(row(name, '', ...ratio(result)))
}

function row(name: string, rate: string, ratio: string, range = 'range of rounds'): string {
  return `${name.padEnd(28)}${rate.padStart(12)}${ratio.padStart(26)}   ${range}`
}

function ratio({ ratio, ratioRange: [least, most] }: Pick<Result, 'ratio' | 'ratioRange'>): [string, string] {
  return [ratio.toFixed(2), `${least.toFixed(2)} to ${most.toFixed(2)}`]
}

function positive(name: string, value: string): number {
  const number = Number(value)
  if (!(number > 0)) throw new TypeError(`--${name} must be a number above 0.`)
  return number
}
