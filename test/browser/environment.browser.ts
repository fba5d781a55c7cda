import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type LocalCognito, startLocalCognito } from 'passport-cognito-identity/local'
import { needsChromium, setStage, type Stage } from './stage.ts'

const dora = { username: 'dora', password: 'Dora-Passw0rd' }
const emil = { username: 'emil', password: 'Emil-Passw0rd' }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('the example app on a Cognito that environment variables name', needsChromium, () => {
  let cognito: LocalCognito
  let stage: Stage
  before(async () => {
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const client = {
      clientSecret: 'a0b1c2d3e4f5',
      callbackURLs: [`${origin}/callback`],
      logoutURLs: [`${origin}/`],
    }
    cognito = await startLocalCognito({
      userPoolId: 'eu-west-1_Named0001',
      users: [dora, emil],
      clients: [client],
    })
    const { userPool, identityPool, s3 } = cognito
    stage = await setStage({
      PORT: String(port),
      COGNITO_USER_POOL_ID: userPool.userPoolId,
      COGNITO_CLIENT_ID: userPool.clientId,
      COGNITO_CLIENT_SECRET: userPool.clientSecret,
      COGNITO_DOMAIN: userPool.domain,
      COGNITO_ISSUER: userPool.issuer,
      COGNITO_ENDPOINT: userPool.endpoint,
      COGNITO_IDENTITY_POOL_ID: identityPool.identityPoolId,
      COGNITO_IDENTITY_ENDPOINT: identityPool.endpoint,
      S3_BUCKET: s3.bucket,
      S3_ENDPOINT: s3.endpoint,
      SESSION_SECRET: 'a session secret of more than thirty-two bytes',
    })
  })
  after(async () => {
    await stage.close()
    await cognito.close()
  })

  test('a user of that Cognito signs in and reaches their files', async () => {
    const visitor = await stage.visitor()
    await visitor.signIn(dora, '/files')
    assert.equal(await visitor.heading, 'Your files')
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
    await visitor.page.reload()
    assert.equal(await visitor.heading, 'Your files')
    await visitor.leave({ refusals: ['503 /files'] })
  })
})

describe('npm start of the example app', () => {
  const server = fileURLToPath(new URL('../../example-app/server.ts', import.meta.url))
  const cwd = fileURLToPath(new URL('../..', import.meta.url))

  /** Runs server.ts until `enough` of it is printed or it ends by itself. */
  async function run(
    env: NodeJS.ProcessEnv,
    enough: RegExp,
  ): Promise<{ output: string; exitCode: number | null }> {
    const child = spawn(process.execPath, ['--import', 'tsx', server], {
      cwd,
      env: { ...process.env, ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (enough.test(output)) child.kill('SIGTERM')
      })
    }
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { output, exitCode }
  }

  test('it prints the address and the users with their passwords, and ends when asked to', async () => {
    const { output, exitCode } = await run({ PORT: '0', COGNITO_LOCAL_PORT: '0' }, /Ctrl\+C/)
    assert.match(output, /The example app is ready: http:\/\/localhost:\d+$/m)
    for (const line of [
      /ana +Ana-Passw0rd +group admin/,
      /ben +Ben-Passw0rd/,
      /carla +\S+ +must choose a new password/,
    ])
      assert.match(output, line)
    assert.equal(exitCode, 0)
  })

  test('with some variables of a real Cognito it names those that are missing', async () => {
    const { output, exitCode } = await run(
      { PORT: '0', COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEf123' },
      /^never$/,
    )
    assert.match(
      output,
      /COGNITO_CLIENT_ID, COGNITO_DOMAIN, COGNITO_IDENTITY_POOL_ID, S3_BUCKET, SESSION_SECRET/,
    )
    assert.equal(exitCode, 1)
  })
})
