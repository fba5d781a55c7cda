import { oneLine } from './readable.ts'
import { startExample } from './start.ts'

try {
  const { url, notes, outbox, close } = await startExample(process.env)
  const stop = () => void close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  console.log(['', `The example app is ready: ${url}`, '', ...notes, 'Stop with Ctrl+C.', ''].join('\n'))
  outbox?.onMessage(({ medium, to, subject, code }) => {
    // The address is whatever somebody typed at sign-up.
    console.log(oneLine(`${medium === 'SMS' ? 'Text message' : 'E-mail'} to ${to}: ${subject}: ${code}`))
  })
} catch (error) {
  // Configuration errors name the variable or option; none of them repeats a secret.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
