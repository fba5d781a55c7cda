import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { LocalCognito } from 'passport-cognito-identity/local'
import { startExample } from '../../example-app/start.ts'
import type { Environment } from '../../example-app/variables.ts'
import { startNamedCognito } from './named-cognito.ts'
import { needsChromium, setStage, type Stage } from './stage.ts'

const dora = { username: 'dora', password: 'Dora-Passw0rd' }
const emil = { username: 'emil', password: 'Emil-Passw0rd' }

describe('the example app on a Cognito that environment variables name', needsChromium, () => {
  let cognito: LocalCognito
  let stage: Stage
  before(async () => {
    const named = await startNamedCognito([dora, emil])
    cognito = named.cognito
    assert.equal(new URL(named.env['S3_ENDPOINT'] ?? '').hostname, 'localhost')
    stage = await setStage(named.env)
  })
  after(async () => {
    await stage.close()
    await cognito.close()
  })

  test('a user of that Cognito signs in and reaches their files, in an S3 at a host name', async () => {
    const visitor = await stage.visitor()
    await visitor.signIn(dora, '/files')
    assert.equal(await visitor.heading, 'Your files')
    assert.equal(cognito.requests.count('ListObjectsV2'), 1)
    assert.equal(cognito.requests.count('GetCredentialsForIdentity'), 1)
    await visitor.leave()
  })

  test('while the identity pool is down there is a 503 page, and the visitor stays signed in', async () => {
    const heal = cognito.fail('GetCredentialsForIdentity', { status: 500 })
    const visitor = await stage.visitor()
    await visitor.open('/files')
    await visitor.answerLogin(emil)
    await visitor.page.getByRole('heading', { name: 'Not available right now' }).waitFor()
    assert.match(await visitor.page.locator('.who').innerText(), /emil/)
    heal()
    // For a second the failure is the answer, so that a crowd of reloads does not make it worse.
    await visitor.page.waitForTimeout(1_100)
    await visitor.page.reload()
    assert.equal(await visitor.heading, 'Your files')
    await visitor.leave({ refusals: ['503 /files'] })
  })
})

describe('npm start of the example app', () => {
  const server = fileURLToPath(new URL('../../example-app/server.ts', import.meta.url))
  const cwd = fileURLToPath(new URL('../..', import.meta.url))

  /** Runs server.ts until `enough` of it is printed or it ends by itself. Once it is ready, somebody uses it. */
  async function run(
    env: NodeJS.ProcessEnv,
    enough: RegExp,
    use: (url: string) => Promise<unknown> = async () => undefined,
  ): Promise<{ output: string; exitCode: number | null }> {
    const child = spawn(process.execPath, ['--import', 'tsx', server], {
      cwd,
      env: { ...process.env, ...env },
    })
    let output = ''
    const used: Promise<unknown>[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        const before = enough.test(output)
        output += text
        const url = /is ready: (\S+)\n[^]*Ctrl\+C/.exec(output)?.[1]
        if (url !== undefined && used.length === 0) used.push(use(url))
        // Once: a second signal would find no handler and end the process at once.
        if (!before && enough.test(output)) child.kill('SIGTERM')
      })
    }
    const [exitCode] = (await once(child, 'close')) as [number | null]
    await Promise.all(used)
    return { output, exitCode }
  }

  test('it prints the address and the users with their passwords, and ends when asked to', async () => {
    const { output, exitCode } = await run({ PORT: '0', COGNITO_LOCAL_PORT: '0' }, /Ctrl\+C/)
    assert.match(output, /The example app is ready: http:\/\/localhost:\d+$/m)
    for (const line of [
      /ana +Ana-Passw0rd +group admin/,
      /ben +Ben-Passw0rd/,
      /carla +\S+ +must choose a new password/,
      /dana +\S+ +authenticator app with the key [A-Z2-7]{24}/,
      /erik +\S+ +codes by text message or e-mail/,
    ])
      assert.match(output, line)
    assert.equal(exitCode, 0)
  })

  test('what Cognito would send is printed on one line, whatever the address holds', async () => {
    const fields = { username: 'kim', email: 'kim\u001b[31m@example.com' }
    const passwords = { password: 'Kim-Passw0rd', repeated: 'Kim-Passw0rd' }
    const { output, exitCode } = await run(
      { PORT: '0', COGNITO_LOCAL_PORT: '0' },
      /^E-mail to .*\n/m,
      (url) =>
        fetch(`${url}/sign-up`, {
          method: 'POST',
          headers: { origin: url },
          body: new URLSearchParams({ ...fields, ...passwords }),
          redirect: 'manual',
        }),
    )
    assert.match(output, /^E-mail to kim \[31m@example\.com: .*: \d{6}$/m)
    assert.doesNotMatch(output, /Kim-Passw0rd/)
    assert.equal(exitCode, 0)
  })

  const real = {
    PORT: '0',
    COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEf123',
    COGNITO_CLIENT_ID: '4ifa83b1k2example9c0d1e2f3',
    COGNITO_DOMAIN: 'auth.example.com',
    COGNITO_IDENTITY_POOL_ID: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c',
    S3_BUCKET: 'files',
    SESSION_SECRET: 'a session secret of more than thirty-two bytes',
  }

  test('with some variables of a real Cognito it names those that are missing', async () => {
    const { output, exitCode } = await run(
      { PORT: '0', COGNITO_USER_POOL_ID: real.COGNITO_USER_POOL_ID },
      /^never$/,
    )
    assert.match(
      output,
      /COGNITO_CLIENT_ID, COGNITO_DOMAIN, COGNITO_IDENTITY_POOL_ID, S3_BUCKET, SESSION_SECRET/,
    )
    assert.equal(exitCode, 1)
  })

  test('a variable with a wrong value is named, and the value is not repeated', async () => {
    const wrong: [env: Environment, says: RegExp][] = [
      [{ ...real, PORT: 'three thousand' }, /^PORT must be a port/],
      [{ ...real, PORT: '65536' }, /^PORT must be a port/],
      [{ PORT: '0', COGNITO_LOCAL_PORT: '-1' }, /^COGNITO_LOCAL_PORT must be a port/],
      [{ ...real, SESSION_SECRET: 'thirty-one bytes, one too short' }, /^SESSION_SECRET must have 32 bytes/],
      ...[
        'shop.example.net',
        'https://shop.example.net/files',
        'https://shop.example.net/?a=b',
        'ftp://shop.example.net',
        'https://ana:Passw0rd@shop.example.net',
      ].map((APP_URL): [Environment, RegExp] => [{ ...real, APP_URL }, /^APP_URL must be the address/]),
    ]
    for (const [env, says] of wrong) {
      await assert.rejects(startExample(env), ({ message }: Error) => {
        assert.match(message, says)
        for (const value of [env['SESSION_SECRET'], env['APP_URL']])
          assert.ok(value === undefined || !message.includes(value), message)
        return true
      })
    }
  })

  test('an APP_URL with nothing after its host, with or without a slash, is the address of the app', async () => {
    for (const APP_URL of ['https://app.example.com', 'https://app.example.com/']) {
      const { url, close } = await startExample({ ...real, APP_URL })
      await close()
      assert.equal(url, 'https://app.example.com')
    }
  })

  test('a port that was asked for and is taken is named, and an empty one counts as not asked for', async () => {
    const first = await startExample({ PORT: '', COGNITO_LOCAL_PORT: '0' })
    const { port } = new URL(first.url)
    const second = await startExample({ PORT: port, COGNITO_LOCAL_PORT: '0' }).catch((error: Error) => error)
    await first.close()
    assert.ok(second instanceof Error)
    assert.equal(second.message, `PORT: port ${port} is taken.`)
    assert.ok(port === '3000' || first.notes.includes(`Port 3000 is taken, so the app is on port ${port}.`))
  })
})
