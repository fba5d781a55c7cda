import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { commandLine } from '../../src/local/cli-arguments.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { claimsOf } from './domain.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

const cli = fileURLToPath(new URL('../../src/local/cli.ts', import.meta.url))

function run(args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], { env })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  return { child, output, exit: once(child, 'close').then(([code]) => code as number | null) }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`the command line starts a server that signs a user in, and stops with 0 on ${signal}`, async (t) => {
    const { child, output, exit } = run([
      ...[
        'local',
        '--port',
        '0',
        '--user',
        'ana:Passw0rd!:x',
        '--group',
        'ana:admin',
        '--client-id',
        'client1',
      ],
      ...['--client-secret', 'secret1', '--callback-url', 'https://app.example/cb'],
    ])
    t.after(() => child.kill('SIGKILL'))
    while (!output.stdout.includes('Users')) {
      assert.equal(child.exitCode, null, output.stderr)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const url = /Address +(\S+)/.exec(output.stdout)?.[1] ?? ''
    const query = 'client_id=client1&response_type=code&redirect_uri=https://app.example/cb'
    const user = { username: 'ana', password: 'Passw0rd!:x' }
    const callback = await signInOnLoginPage(`${url}/oauth2/authorize?${query}`, user)
    assert.equal(callback.origin, 'https://app.example')
    assert.match(output.stdout, /App client +client1 \(with a secret\)/)
    assert.doesNotMatch(output.stdout + output.stderr, /Passw0rd|secret1/)
    child.kill(signal)
    assert.equal(await exit, 0)
  })
}

test('the command line prints what is sent to a user, code and all', async (t) => {
  const { child, output } = run(['local', '--port', '0', '--client-id', 'client1'])
  t.after(() => child.kill('SIGKILL'))
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(output.stdout)) {
      assert.equal(child.exitCode, null, output.stderr)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return pattern.exec(output.stdout)?.[1] ?? ''
  }
  const url = await printed(/Address +(\S+)\n/)
  const call = async (operation: string, body: object) => {
    const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
    const ClientId = 'client1'
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ ClientId, ...body }) })
    return answer.status
  }
  const UserAttributes = [{ Name: 'email', Value: 'ana@example.com' }]
  const account = { Username: 'ana', Password: 'Passw0rd!', UserAttributes }
  assert.equal(await call('SignUp', account), 200)
  const code = await printed(/ana@example\.com[^]*?(\d{6})/)
  assert.equal(await call('ConfirmSignUp', { Username: 'ana', ConfirmationCode: code }), 200)
  assert.doesNotMatch(output.stdout, /Passw0rd/)
})

test('--help explains the options', async () => {
  const { output, exit } = run(['--help'])
  assert.equal(await exit, 0)
  assert.match(output.stdout, /--user name:password/)
})

for (const [what, args] of [
  ['an unknown command', ['serve']],
  ['an unknown option', ['local', '--passwort', 'hunter2']],
  ['a user without a password', ['local', '--user', 'hunter2']],
  ['a group of nobody', ['local', '--group', 'hunter2:admin']],
  ['an e-mail address of nobody', ['local', '--email', 'hunter2:a@b.example']],
  ['a port that is no number', ['local', '--port', 'hunter2']],
] as const) {
  test(`${what} ends with 2 and the usage, and repeats no value`, async () => {
    const { output, exit } = run([...args])
    assert.equal(await exit, 2)
    assert.match(output.stderr, /Usage: /)
    assert.doesNotMatch(output.stderr, /hunter2/)
  })
}

for (const [option, args] of [
  ['--port', ['--port', '70000']],
  ['--user-pool-id', ['--user-pool-id', 'hunter2']],
  ['--client-id', ['--client-id', 'hunter2-']],
  ['--client-secret', ['--client-secret', 'hunter2-']],
  ['--callback-url', ['--callback-url', 'http://hunter2.example']],
  ['--logout-url', ['--logout-url', 'hunter2:/']],
  ['--user', ['--user', 'ana:hunter2 hunter2']],
  ['--email', ['--user', 'ana:Passw0rd!', '--email', 'ana:hunter2']],
  ['--group', ['--user', 'ana:Passw0rd!', '--group', 'ana:hunter2 hunter2']],
] as const) {
  test(`a value that ${option} does not take ends with 2 and names the option, not the value`, async () => {
    const { output, exit } = run(['local', '--port', '0', ...args])
    assert.equal(await exit, 2)
    assert.match(output.stderr, new RegExp(`^${option} must be `))
    assert.doesNotMatch(output.stderr, /hunter2|clients\[|users\[/)
  })
}

async function startWith(...args: string[]) {
  const options = commandLine(['local', '--port', '0', ...args])
  assert.ok(options !== 'help')
  return startLocalCognito(options)
}

test('users have the e-mail address that --email says, or their name where it is one', async (t) => {
  const local = await startWith(
    ...['--user', 'ana:Passw0rd!', '--email', 'ana:ana@example.com', '--user', 'ben@example.com:Passw0rd!'],
    ...['--temporary-user', 'carla@example.com:Temp0rary!', '--email', 'carla@example.com:c@example.org'],
    ...['--user', 'dan:Passw0rd!'],
  )
  t.after(() => local.close())
  for (const [username, email] of [
    ['ana', 'ana@example.com'],
    ['ben@example.com', 'ben@example.com'],
    ['carla@example.com', 'c@example.org'],
    ['dan', undefined],
  ] as const) {
    assert.equal(claimsOf(await local.issueToken({ tokenUse: 'id', username }))['email'], email)
  }
})

test('--allow-guests, and nothing else, lets guests into the identity pool', async (t) => {
  const [open, closed] = await Promise.all([startWith('--allow-guests'), startWith()])
  t.after(() => Promise.all([open.close(), closed.close()]))
  for (const [local, status] of [
    [open, 200],
    [closed, 400],
  ] as const) {
    const headers = { 'x-amz-target': 'AWSCognitoIdentityService.GetId' }
    const body = JSON.stringify({ IdentityPoolId: local.identityPool.identityPoolId })
    assert.equal((await fetch(local.url, { method: 'POST', headers, body })).status, status)
  }
})

test('in production it ends with 1', async () => {
  const { output, exit } = run(['local', '--port', '0'], { NODE_ENV: 'production' })
  assert.equal(await exit, 1)
  assert.match(output.stderr, /NODE_ENV/)
})

test('a port that is taken ends with 1 and names the option', async (t) => {
  const local = await startLocalCognito()
  t.after(() => local.close())
  const { output, exit } = run(['local', '--port', new URL(local.url).port])
  assert.equal(await exit, 1)
  assert.match(output.stderr, /--port/)
})

/** A file with this in it, until the test ends. */
function fileWith(t: TestContext, content: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cli-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'hunter2.json')
  writeFileSync(file, content)
  return file
}

const signIn = new InitiateAuthCommand({
  ClientId: 'fromFile1',
  AuthFlow: 'USER_PASSWORD_AUTH',
  AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
})

test('the printed variables are all that the AWS SDK needs to sign a user of --config and --users in', async (t) => {
  const config = { userPoolId: 'eu-west-1_File', clients: [{ clientId: 'fromFile1' }], port: 0 }
  const users = [{ username: 'ana', password: 'Passw0rd!' }]
  const { child, output } = run([
    ...['local', '--config', fileWith(t, JSON.stringify(config))],
    ...['--users', fileWith(t, JSON.stringify(users)), '--user', 'ben:Passw0rd!'],
  ])
  t.after(() => child.kill('SIGKILL'))
  while (!output.stdout.includes('AWS_SECRET_ACCESS_KEY')) {
    assert.equal(child.exitCode, null, output.stderr)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.match(output.stdout, /Users +ana, ben\n/)
  assert.doesNotMatch(output.stdout, /Passw0rd/)
  const printed = [...output.stdout.matchAll(/^([A-Z\d_]+)=(\S+)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ])
  const variables = Object.fromEntries(printed) as Record<string, string>
  assert.equal(variables['COGNITO_USER_POOL_ID'], 'eu-west-1_File')
  const before = { ...process.env }
  t.after(() => {
    process.env = before
  })
  Object.assign(process.env, variables)
  // No endpoint, Region or credentials: all of it comes from the environment.
  const sdk = new CognitoIdentityProviderClient({})
  t.after(() => sdk.destroy())
  assert.notEqual((await sdk.send(signIn)).AuthenticationResult?.AccessToken, undefined)
  const { Username } = await sdk.send(
    new AdminGetUserCommand({ UserPoolId: variables['COGNITO_USER_POOL_ID'], Username: 'ben' }),
  )
  assert.equal(Username, 'ben')
})

test('what stands on the command line goes before the file of --config', (t) => {
  const config = {
    port: 1234,
    clients: [{ clientId: 'a', callbackURLs: ['https://a.example/'] }, { clientId: 'b' }],
  }
  const options = commandLine(['local', '--config', fileWith(t, JSON.stringify(config)), '--client-id', 'c'])
  assert.ok(options !== 'help')
  assert.equal(options.port, 1234)
  assert.deepEqual(options.clients, [
    { clientId: 'c', callbackURLs: ['https://a.example/'] },
    { clientId: 'b' },
  ])
  assert.deepEqual(commandLine(['local', '--persist', 'a.json']), {
    port: 9229,
    users: [],
    clients: [{}],
    userPoolId: undefined,
    allowUnauthenticatedIdentities: undefined,
    persist: 'a.json',
  })
})

for (const option of ['--config', '--users']) {
  for (const [what, content] of [
    ['is no JSON', '{ "hunter2'],
    ['holds something else', '"hunter2"'],
  ] as const) {
    test(`a file of ${option} that ${what} is refused, and neither its name nor its content is repeated`, (t) => {
      const file = fileWith(t, content)
      assert.throws(
        () => commandLine(['local', option, file]),
        (error: Error) => {
          assert.match(error.message, new RegExp(`^${option} must be a JSON file`))
          assert.doesNotMatch(error.message, /hunter2/)
          return true
        },
      )
    })
  }
}
