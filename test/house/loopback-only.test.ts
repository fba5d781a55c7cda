import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import dns from 'node:dns'
import { lookup } from 'node:dns/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'

// 192.0.2.0/24 is reserved for documentation (RFC 5737): nothing answers there, should the guard ever fail.
const elsewhere = '192.0.2.1'
const refused = { code: 'ERR_TEST_NON_LOOPBACK' }

function outcome(request: http.ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.setTimeout(2_000, () => request.destroy(new Error('timed out')))
    request.once('error', reject).once('response', (response) => {
      response.resume()
      resolve()
    })
  })
}

test('fetch to another machine is refused', async () => {
  for (const url of [`http://${elsewhere}/`, 'https://example.com/']) {
    const attempt = fetch(url, { signal: AbortSignal.timeout(2_000) })
    await assert.rejects(attempt, (error: Error) => {
      assert.equal((error.cause as { code?: unknown }).code, refused.code)
      return true
    })
  }
})

test('node:http, node:https and a bare socket to another machine are refused', async () => {
  await assert.rejects(outcome(http.get(`http://${elsewhere}/`)), refused)
  await assert.rejects(outcome(https.get('https://example.com/')), refused)
  await assert.rejects(outcome(http.get('http://[2001:db8::1]/')), refused)
  await assert.rejects(
    new Promise((resolve, reject) =>
      net.connect(80, elsewhere, () => resolve(undefined)).once('error', reject),
    ),
    refused,
  )
})

test('the AWS SDK cannot reach AWS', async () => {
  const client = new CognitoIdentityClient({ region: 'eu-west-1', maxAttempts: 1 })
  await assert.rejects(client.send(new GetIdCommand({ IdentityPoolId: 'eu-west-1:none' })), refused)
  client.destroy()
})

test('the name of another machine is not looked up', async () => {
  await assert.rejects(lookup('example.com'), refused)
  await assert.rejects(
    new Promise((resolve, reject) =>
      dns.lookup('example.com', (error) => (error ? reject(error) : resolve(0))),
    ),
    refused,
  )
})

test('this machine is reached by name and by address', async (t) => {
  const server = http.createServer((_req, res) => res.end('here'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'here')
  assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), 'here')
  await outcome(http.get({ port }))
})

function runTestFile(source: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'guard-'))
  const file = path.join(folder, 'stray.test.mjs')
  writeFileSync(file, source)
  const guard = new URL('../support/loopback-only.ts', import.meta.url).href
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--import', 'tsx', '--import', guard, '--test', file]
  try {
    return spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 30_000 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('FL-01 a rejection or exception that nobody handles fails the file, also after its last test', () => {
  const stray = runTestFile(`
    import test from 'node:test'
    test('passes', () => { setTimeout(() => Promise.reject(new Error('left behind')), 50) })
  `)
  assert.notEqual(stray.status, 0)
  assert.match(stray.stdout + stray.stderr, /left behind/)

  const thrown = runTestFile(`
    import test from 'node:test'
    test('passes', () => { setTimeout(() => { throw new Error('left behind') }, 50) })
  `)
  assert.notEqual(thrown.status, 0)

  const quiet = runTestFile(`
    import test from 'node:test'
    test('passes', () => { setTimeout(() => {}, 50) })
  `)
  assert.equal(quiet.status, 0, quiet.stdout + quiet.stderr)
})

test('FL-01 listeners that pile up and deprecated calls of our own fail the file; other warnings and those of dependencies do not', () => {
  const fileThat = (does: string) =>
    runTestFile(`
      import test from 'node:test'
      import { EventEmitter } from 'node:events'
      test('passes', () => { ${does} })
    `)
  const piling = 'const one = new EventEmitter(); for (let i = 0; i < 11; i += 1) one.on("x", () => {})'
  for (const does of [piling, 'process.emitWarning("old", "DeprecationWarning")']) {
    const failed = fileThat(does)
    assert.notEqual(failed.status, 0, does)
    assert.match(failed.stdout + failed.stderr, /Warning in a test process/)
  }
  const theirs = `
    const warning = Object.assign(new Error('old'), { name: 'DeprecationWarning' })
    warning.stack = 'at /app/node_modules/other/index.js'
    process.emitWarning(warning)
  `
  for (const does of [theirs, 'process.emitWarning("look")']) {
    const quiet = fileThat(does)
    assert.equal(quiet.status, 0, quiet.stdout + quiet.stderr)
  }
})
