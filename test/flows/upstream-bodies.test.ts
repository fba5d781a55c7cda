/** Upstreams whose answers never end, in time or in size. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type CognitoError, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { startUpstream } from '../support/upstream.ts'
import { ana, signIn } from '../user-pool/sign-in.ts'
import { type UpstreamCalls, upstreamCalls } from './upstream-calls.ts'

let local: LocalCognito
let upstreams: UpstreamCalls
before(async () => {
  local = await startLocalCognito({ users: [ana] })
  upstreams = upstreamCalls(local, (await signIn(new UserPool(local.userPool))).tokens)
})
after(() => local.close())

async function refusalOf(attempt: Promise<unknown>): Promise<CognitoError> {
  return attempt.then(
    () => assert.fail('went well'),
    (error: unknown) => error as CognitoError,
  )
}

const names = ['JWKS', 'token endpoint', 'revocation', 'user pool API', 'identity pool', 'STS'] as const

describe('RX-06 an answer that takes for ever', { concurrency: 12 }, () => {
  for (const name of names) {
    for (const answer of ['drip', 'headers'] as const) {
      const what = answer === 'drip' ? 'a byte per second' : 'headers and then nothing'
      test(`RX-06 ${name}: ${what} is 503 when five seconds have passed in all`, async () => {
        const upstream = await startUpstream(answer)
        try {
          const started = performance.now()
          const error = await refusalOf(upstreams[name](upstream.url))
          const took = performance.now() - started
          assert.equal(error.status, 503)
          assert.ok(upstream.requests.length > 0)
          assert.ok(took > 4_900 && took < 10_000, `${took} ms`)
        } finally {
          await upstream.close()
        }
      })
    }
  }
})

describe('RX-07 an answer of 100 MB', () => {
  for (const name of ['JWKS', 'token endpoint', 'revocation'] as const) {
    test(`RX-07 of the ${name} is 503, and not read further than a megabyte`, async () => {
      const upstream = await startUpstream('huge')
      try {
        const error = await refusalOf(upstreams[name](upstream.url))
        assert.equal(error.status, 503)
        assert.equal(upstream.requests.length, 1)
        // What was under way in the buffers of the sockets is sent all the same.
        assert.ok(upstream.bytesSent() < 10 * 1024 * 1024, `${upstream.bytesSent()} bytes`)
      } finally {
        await upstream.close()
      }
    })
  }
})
