// How long the local Cognito takes to start, and what it takes of memory: npm run bench:local-start -- [--rounds 9]
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { printSection } from './report.ts'
import { spread } from './rounds.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })

/** A fresh process each time: the built package, two users, one sign-in, as a test suite begins. */
const program = `
const began = performance.now()
const { startLocalCognito } = await import('passport-cognito-identity/local')
const imported = performance.now()
const before = process.cpuUsage()
const users = [{ username: 'ana', password: 'Passw0rd!' }, { username: 'ben', password: 'Passw0rd!' }]
const local = await startLocalCognito({ users })
const started = performance.now()
const { user, system } = process.cpuUsage(before)
const call = {
  method: 'POST',
  headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
  body: JSON.stringify({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: local.userPool.clientId,
    AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
  }),
}
const { status } = await fetch(local.url, call)
if (status !== 200) throw new Error('no sign-in: ' + status)
const megabytes = process.memoryUsage.rss() / 1e6
const startCpuMs = (user + system) / 1000
console.log(JSON.stringify({ importMs: imported - began, startMs: started - imported, startCpuMs, megabytes }))
await local.close()
`

const runs = Array.from({ length: Number(values.rounds) }, () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as { importMs: number; startMs: number; startCpuMs: number; megabytes: number }
})
const figures = (name: keyof (typeof runs)[number]) => spread(runs.map((run) => run[name]))
printSection({
  title: `local Cognito, Node ${process.version}`,
  results: [
    { name: 'import, ms', figures: figures('importMs') },
    { name: 'start, ms', figures: figures('startMs') },
    { name: 'start, ms of processor time', figures: figures('startCpuMs') },
    { name: 'whole process after a sign-in, MB', figures: figures('megabytes') },
  ],
})
