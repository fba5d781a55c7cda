import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { argumentsFrom } from '../../example-app/arguments.ts'
import { Browser } from '../support/app.ts'
import { noRedis, startRedis, type TestRedis } from '../support/redis.ts'

const folder = fileURLToPath(new URL('../../example-app', import.meta.url))

describe('the example app in several processes', { skip: noRedis }, () => {
  let redis: TestRedis
  let child: ChildProcess
  let url: string
  let said = ''

  before(async () => {
    redis = await startRedis()
    const args = ['--import', 'tsx', 'server.ts', '--redis', redis.url, '--processes', '3']
    const env = { ...process.env, PORT: '0', COGNITO_LOCAL_PORT: '0', NODE_OPTIONS: '' }
    child = spawn(process.execPath, args, { cwd: folder, env })
    child.stdout?.on('data', (text: Buffer) => (said += text.toString()))
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
    while (!/ready: (\S+)/.test(said)) {
      await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit')])
      assert.equal(child.exitCode, null, said)
    }
    url = /ready: (\S+)/.exec(said)?.[1] ?? ''
  })
  after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await redis.close()
  })

  test('who signs in is known to every process, with files, roles and an API, and signs out of all of them', async () => {
    const browser = new Browser({ url })
    const landed = await browser.signIn({ username: 'ana', password: 'Ana-Passw0rd' })
    assert.equal(landed.headers.get('location'), '/account')
    // Each request on a connection of its own goes to the next process.
    for (let round = 0; round < 3; round += 1) {
      const pages = await Promise.all(['/account', '/files', '/role'].map((path) => browser.open(path)))
      assert.deepEqual(
        pages.map(({ status }) => status),
        [200, 200, 200],
      )
    }
    const client = await redis.client()
    const kept = await Promise.all((await client.keys('harbour:*')).map((key) => client.get(key)))
    assert.ok(kept.length >= 3)
    assert.doesNotMatch(kept.join('\n'), /eyJ[\w-]*\./, 'no token can be read there')
    assert.equal((await browser.post('/logout', { origin: url })).status, 303)
    for (let round = 0; round < 3; round += 1) assert.equal((await browser.open('/account')).status, 303)
  })

  const noProc = process.platform !== 'linux' && 'finds the processes in /proc'
  test('a process that dies is replaced', { skip: noProc }, async () => {
    const pids = async () => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
      return children.trim().split(' ').map(Number)
    }
    const before = await pids()
    // The last ones are those that serve; the first may be the compiler of tsx.
    const victim = before.at(-1) as number
    process.kill(victim, 'SIGKILL')
    const until = Date.now() + 60_000
    for (let now = before; now.length < before.length || now.includes(victim); now = await pids()) {
      assert.ok(Date.now() < until, 'it was not replaced')
      await wait(100)
    }
    assert.equal((await new Browser({ url }).open('/')).status, 200)
  })

  test('it ends when it is told to, with all its processes', async () => {
    assert.match(said, /3 processes share the Redis at 127\.0\.0\.1:\d+/)
    child.kill('SIGTERM')
    await once(child, 'exit')
    assert.equal(child.exitCode, 0, said)
    await assert.rejects(fetch(url))
  })
})

test('without a Redis the fleet does not start, and says why once', async () => {
  const args = ['--import', 'tsx', 'server.ts', '--redis', 'redis://127.0.0.1:1', '--processes', '2']
  const env = { ...process.env, PORT: '0', COGNITO_LOCAL_PORT: '0', NODE_OPTIONS: '' }
  const alone = spawn(process.execPath, args, { cwd: folder, env })
  let words = ''
  alone.stderr.on('data', (text: Buffer) => (words += text.toString()))
  await once(alone, 'exit')
  assert.equal(alone.exitCode, 1)
  assert.equal(words.match(/no Redis answers at this address/g)?.length, 1, words)
})

test('the arguments of the example are checked, and name what is wrong', () => {
  assert.deepEqual(argumentsFrom([], {}), { redis: undefined, processes: 1 })
  const redis = 'redis://127.0.0.1:6379'
  assert.deepEqual(argumentsFrom(['--redis', redis, '--processes', '4'], {}), { redis, processes: 4 })
  assert.deepEqual(argumentsFrom([], { REDIS_URL: redis }), { redis, processes: 1 })
  assert.throws(() => argumentsFrom(['--processes', '4'], {}), /--redis/)
  assert.throws(() => argumentsFrom(['--processes', '0', '--redis', redis], {}), /--processes/)
  assert.throws(() => argumentsFrom(['--redis', '127.0.0.1'], {}), /--redis/)
  assert.throws(() => argumentsFrom(['--port', '1'], {}), /--port/)
})
