import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every place that could depend on the name of a class: options, errors, and what openid-client and aws-jwt-verify throw. */
const program = `
import assert from 'node:assert/strict'
import { bearer, CallbackError, CognitoStrategy, IdentityPool, logout, session, UserPool } from '${root}src/index.ts'
import { startLocalCognito } from '${root}src/local/index.ts'

const local = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] })
const userPool = new UserPool(local.userPool)
const identityPool = new IdentityPool(local.identityPool)
new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' })
session({ userPool, identityPool })
bearer({ userPool, identityPool })
logout({ userPool, identityPool, returnTo: 'https://app.example.com/' })
assert.equal(new CallbackError('code_refused').name, 'CallbackError')

const token = (tokenUse, expiresInSeconds) => local.issueToken({ username: 'ana', tokenUse, expiresInSeconds })
const [idToken, accessToken] = [await token('id', 3600), await token('access', 3600)]
const code = { callbackURL: 'http://localhost:3000/callback', code: 'wrong', codeVerifier: 'v'.repeat(43), nonce: 'n' }
await assert.rejects(userPool.exchangeCode(code), { name: 'CallbackError', reason: 'code_refused' })
await assert.rejects(userPool.refresh({ idToken, accessToken, refreshToken: 'wrong' }), { code: 'ERR_COGNITO_SESSION_ENDED' })
await assert.rejects(userPool.verify(await token('access', -5), { tokenUse: 'access' }), { reason: 'expired' })
await assert.rejects(userPool.verify(idToken, { tokenUse: 'access' }), { reason: 'token_use' })
await assert.rejects(identityPool.credentials({ [userPool.loginsKey]: accessToken }), { reason: 'access_token_only', status: 403 })
assert.equal((await userPool.user({ idToken, accessToken })).username, 'ana')
await local.close()
`

test('a minified bundle, as serverless apps deploy it, tells errors and options apart like the package does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, program)
    const outfile = join(folder, 'bundle.mjs')
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    }
    await build({
      entryPoints: [entry],
      outfile,
      banner,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      nodePaths: [join(root, 'node_modules')],
      logLevel: 'error',
    })
    assert.equal(run(process.execPath, [outfile], folder), '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
