import { startExample } from './start.ts'

try {
  const { url, notes, close } = await startExample(process.env)
  const stop = () => void close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  console.log(['', `The example app is ready: ${url}`, '', ...notes, 'Stop with Ctrl+C.', ''].join('\n'))
} catch (error) {
  // Configuration errors name the variable or option; none of them repeats a secret.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
