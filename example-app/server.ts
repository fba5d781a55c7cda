import cluster from 'node:cluster'
import { argumentsFrom } from './arguments.ts'
import { joinFleet, startFleet } from './fleet.ts'
import { oneLine } from './readable.ts'
import { startExample } from './start.ts'

try {
  if (cluster.isWorker) await joinFleet()
  else await start()
} catch (error) {
  // Configuration errors name the variable or option; none of them repeats a secret.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function start(): Promise<void> {
  const { redis, processes } = argumentsFrom(process.argv.slice(2), process.env)
  const { url, notes, outbox, close } =
    redis !== undefined && processes > 1
      ? await startFleet(process.env, redis, processes)
      : await startExample(process.env, redis === undefined ? {} : { redis })
  const stop = () => void close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  console.log(['', `The example app is ready: ${url}`, '', ...notes, 'Stop with Ctrl+C.', ''].join('\n'))
  outbox?.onMessage(({ medium, to, subject, code }) => {
    // The address is whatever somebody typed at sign-up.
    console.log(oneLine(`${medium === 'SMS' ? 'Text message' : 'E-mail'} to ${to}: ${subject}: ${code}`))
  })
}
