#!/usr/bin/env node
import { commandLine, usage, usageErrorFrom, UsageError } from './cli-arguments.ts'
import { ConfigurationError } from './options/configuration-error.ts'
import type { LocalCognitoOptions } from './options/options.ts'
import type { LocalMessage } from './user-pool/outbox.ts'
import { startLocalCognito, type LocalCognito } from './start.ts'

/** Runs until SIGINT or SIGTERM. Exit codes: 0 stopped, 1 could not start, 2 wrong arguments. */
async function main(args: string[]): Promise<void> {
  const options = commandLine(args)
  if (options === 'help') return console.log(usage)
  const local = await startLocalCognito(options)
  console.log(description(local, options))
  local.outbox.onMessage((message) => console.log(messageText(message)))
  const stop = () => void local.close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

/** Addresses, ids and names. Passwords and secrets are the caller's own and are not repeated. */
function description(local: LocalCognito, options: LocalCognitoOptions): string {
  const usernames = (options.users ?? []).map(({ username }) => username)
  const { url, userPool, userPools, identityPool, s3 } = local
  const lines = [
    ['Address', url],
    ['Discovery', `${userPool.endpoint}/${userPool.userPoolId}/.well-known/openid-configuration`],
    ['User pool', userPool.userPoolId],
    ['App client', `${userPool.clientId}${userPool.clientSecret === undefined ? '' : ' (with a secret)'}`],
    ['Issuer', userPool.issuer],
    ...userPools.map((further) => ['Further pool', further.userPool.issuer]),
    ['Identity pool', identityPool.identityPoolId],
    ['Region', s3.region],
    ['S3 bucket', s3.bucket],
    ['Users', usernames.length > 0 ? usernames.join(', ') : 'none; add some with --user name:password'],
  ]
  return [
    'Local Cognito is running, for development only. Stop it with Ctrl+C.',
    ...lines.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`),
    '',
    'For an .env file:',
    ...environment(local, options),
  ].join('\n')
}

/** What an app, the AWS SDKs and the AWS CLI need. Keys are printed where they are the documented ones, which are nobody's. */
function environment(local: LocalCognito, { accessKeys }: LocalCognitoOptions): string[] {
  const { userPool, identityPool, s3, url, awsCredentials } = local
  const keys = {
    AWS_ACCESS_KEY_ID: awsCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsCredentials.secretAccessKey,
  }
  const variables = {
    COGNITO_USER_POOL_ID: userPool.userPoolId,
    COGNITO_CLIENT_ID: userPool.clientId,
    COGNITO_DOMAIN: userPool.domain,
    COGNITO_ISSUER: userPool.issuer,
    COGNITO_ENDPOINT: userPool.endpoint,
    COGNITO_IDENTITY_POOL_ID: identityPool.identityPoolId,
    COGNITO_IDENTITY_ENDPOINT: identityPool.endpoint,
    S3_BUCKET: s3.bucket,
    S3_ENDPOINT: s3.endpoint,
    AWS_REGION: s3.region,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY: url,
    AWS_ENDPOINT_URL_STS: url,
    ...(accessKeys === undefined ? keys : {}),
  }
  return [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...(userPool.clientSecret === undefined ? [] : ['# and COGNITO_CLIENT_SECRET, as you gave it']),
  ]
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
