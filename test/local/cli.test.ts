import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
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
