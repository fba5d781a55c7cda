import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadedModules } from '../../bench/loaded-modules.ts'

// What really happens when the package is imported, dependencies of dependencies included. imports.test.ts reads sources only.

const load = `const { bearer, UserPool, IdentityPool } = await import('passport-cognito-identity')`
const make = `
bearer({ userPool: new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'example' }) })
new IdentityPool({ identityPoolId: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c' })
`
/** What only some apps need, or need later: clients of AWS and their runtime, OAuth, JOSE, and the local Cognito. */
const later =
  /^node_modules\/(?:.*\/node_modules\/)?(@aws-sdk|@smithy|openid-client|oauth4webapi|jose)\/|^dist\/local\//

for (const [what, code] of Object.entries({
  'importing the package': load,
  'making a user pool, an identity pool and a bearer guard': load + make,
})) {
  test(`${what} loads no AWS SDK, no openid-client, no jose and nothing of the local Cognito`, () => {
    const files = loadedModules(code).map(({ file }) => file)
    assert.equal(files.includes('dist/index.js'), true, `the package itself is not among ${files.join(', ')}`)
    assert.deepEqual(
      files.filter((file) => later.test(file)),
      [],
    )
  })
}

test('what is loaded later is seen when it is loaded', () => {
  const everything = `
    await import('passport-cognito-identity/local')
    await import('openid-client')
    await import('@aws-sdk/client-cognito-identity')
  `
  const found = loadedModules(everything).flatMap(({ file }) => later.exec(file)?.[0] ?? [])
  for (const part of ['@aws-sdk', '@smithy', 'openid-client', 'oauth4webapi', 'jose']) {
    assert.equal(found.includes(`node_modules/${part}/`), true, `${part} was not seen`)
  }
  assert.equal(found.includes('dist/local/'), true, 'the local Cognito was not seen')
})
