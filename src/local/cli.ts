#!/usr/bin/env node
import { commandLine, usage, usageErrorFrom, UsageError } from './cli-arguments.ts'
import { ConfigurationError } from './options/configuration-error.ts'
import type { LocalMessage } from './user-pool/outbox.ts'
import { startLocalCognito, type LocalCognito } from './start.ts'

/** Runs until SIGINT or SIGTERM. Exit codes: 0 stopped, 1 could not start, 2 wrong arguments. */
async function main(args: string[]): Promise<void> {
  const options = commandLine(args)
  if (options === 'help') return console.log(usage)
  const local = await startLocalCognito(options)
  console.log(description(local, options.users?.map(({ username }) => username) ?? []))
  local.outbox.onMessage((message) => console.log(messageText(message)))
  const stop = () => void local.close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

/** Addresses, ids and names. Passwords and secrets are the caller's own and are not repeated. */
function description({ url, userPool, identityPool, s3 }: LocalCognito, usernames: string[]): string {
  const lines = [
    ['Address', url],
    ['Discovery', `${userPool.endpoint}/${userPool.userPoolId}/.well-known/openid-configuration`],
    ['User pool', userPool.userPoolId],
    ['App client', `${userPool.clientId}${userPool.clientSecret === undefined ? '' : ' (with a secret)'}`],
    ['Issuer', userPool.issuer],
    ['Identity pool', identityPool.identityPoolId],
    ['Region', s3.region],
    ['S3 bucket', s3.bucket],
    ['Users', usernames.length > 0 ? usernames.join(', ') : 'none; add some with --user name:password'],
  ]
  return [
    'Local Cognito is running, for development only. Stop it with Ctrl+C.',
    ...lines.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`),
  ].join('\n')
}

/** What Cognito would have sent: whoever tries sign-up or a forgotten password on this machine needs the code. */
function messageText({ medium, to, body }: LocalMessage): string {
  // Addresses come from requests: nothing of them may steer a terminal.
  const printable = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ')
  return `  ${medium === 'EMAIL' ? 'E-mail' : 'Text message'} to ${printable(to)}: ${printable(body)}`
}

function failure(thrown: unknown): { message: string; exitCode: number } {
  const error = thrown instanceof ConfigurationError ? (usageErrorFrom(thrown) ?? thrown) : thrown
  if (error instanceof UsageError) return { message: `${error.message}\n\n${usage}`, exitCode: 2 }
  if (error instanceof ConfigurationError) return { message: error.message, exitCode: 1 }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  if (code === 'EADDRINUSE')
    return { message: 'The port is in use; choose another with --port.', exitCode: 1 }
  return { message: `The local Cognito could not start (${code}).`, exitCode: 1 }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, exitCode } = failure(error)
  console.error(message)
  process.exitCode = exitCode
})
