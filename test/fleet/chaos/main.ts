// People at an app of four processes, to which things happen; figures as JSON: npm run chaos -- --minutes 5 [--users 2000] [--calm]
import { parseArgs } from 'node:util'
import { noRedis } from '../../support/redis.ts'
import { runChaos } from './run.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    users: { type: 'string', default: '2000' },
    crowd: { type: 'string', default: '24' },
    speed: { type: 'string', default: '5' },
    calm: { type: 'boolean', default: false },
  },
})
if (noRedis) throw new Error(noRedis)
const startedAt = performance.now()
const figures = await runChaos({
  seconds: Number(values.minutes) * 60,
  users: Number(values.users),
  crowd: Number(values.crowd),
  speed: Number(values.speed),
  disturbed: !values.calm,
  log: (event) => console.error(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${event}`),
})
console.log(JSON.stringify(figures, null, 2))
const { crashes, wronglySignedOut, wrongUser, wrongStatus, outlived, hung, notWell } = figures
if (crashes + wronglySignedOut + wrongUser + wrongStatus + outlived + hung + notWell > 0) process.exitCode = 1
