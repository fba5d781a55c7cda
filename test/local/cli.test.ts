import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { startLocalCognito } from '../../src/local/index.ts'
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
  ['a port that is no number', ['local', '--port', 'hunter2']],
] as const) {
  test(`${what} ends with 2 and the usage, and repeats no value`, async () => {
    const { output, exit } = run([...args])
    assert.equal(await exit, 2)
    assert.match(output.stderr, /Usage: /)
    assert.doesNotMatch(output.stderr, /hunter2/)
  })
}

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
