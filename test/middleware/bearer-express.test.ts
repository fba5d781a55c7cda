import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import express5, { type RequestHandler } from 'express'
import { getAuth, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { type BearerApp, startBearerApp, wire, type WireAnswer } from './bearer-app.ts'

const express4 = createRequire(import.meta.url)('express4') as typeof express5

const handlers = {
  callback: (req, res) => {
    setImmediate(() => res.json({ sub: getAuth(req).claims.sub }))
  },
  promise: async (req, res) => {
    await Promise.resolve()
    res.json({ sub: getAuth(req).claims.sub })
  },
} satisfies Record<string, RequestHandler>

type Row = [what: string, expected: [status: number, error: string | undefined], lines: () => string[]]

describe('BV-38 Express 4 and 5, callback and promise handlers', () => {
  let local: LocalCognito
  let rows: Row[]
  before(async () => {
    local = await startLocalCognito({
      users: [{ username: 'ana', password: 'Passw0rd!' }],
      clients: [{}, { clientId: 'other1' }],
    })
    const order = { username: 'ana', tokenUse: 'access' } as const
    const token = await local.issueToken(order)
    const withToken = (text: string) => () => [`Authorization: Bearer ${text}`]
    const wrong = (text: string): [Row[1], Row[2]] => [[401, 'ERR_COGNITO_INVALID_TOKEN'], withToken(text)]
    const [header, payload, signature = ''] = token.split('.')
    rows = [
      ['a good token', [200, undefined], withToken(token)],
      ['no header', [401, 'ERR_COGNITO_UNAUTHENTICATED'], () => []],
      ['another scheme', [401, 'ERR_COGNITO_UNAUTHENTICATED'], () => ['Authorization: Basic eDp5']],
      ['no token', [400, 'ERR_COGNITO_INVALID_REQUEST'], () => ['Authorization: Bearer']],
      [
        'two headers',
        [400, 'ERR_COGNITO_INVALID_REQUEST'],
        () => [...withToken(token)(), ...withToken('x')()],
      ],
      ['garbage', ...wrong('%E0%A4%A')],
      ['expired', ...wrong(await local.issueToken({ ...order, expiresInSeconds: -1 }))],
      ['another use', ...wrong(await local.issueToken({ ...order, tokenUse: 'id' }))],
      ['another client', ...wrong(await local.issueToken({ ...order, clientId: 'other1' }))],
      ['alg none', ...wrong(await local.issueToken({ ...order, header: { alg: 'none' } }))],
      ['an unknown key', ...wrong(await local.issueToken({ ...order, header: { kid: 'stranger' } }))],
      [
        'an altered signature',
        ...wrong(`${header}.${payload}.${signature.slice(0, 40)}AAAA${signature.slice(44)}`),
      ],
      // Only now, so that the keys are known to the rows before it.
      ['keys out of reach', [503, 'ERR_COGNITO_UNAVAILABLE'], withToken(token)],
    ]
  })
  after(() => local.close())

  /** Every row on one app: the answer, less what differs between any two answers. */
  async function answersOf(express: typeof express5, handler: RequestHandler): Promise<unknown[]> {
    const answers: unknown[] = []
    const cold = await startBearerApp(new UserPool(local.userPool), { express, handler })
    const warm = await startBearerApp(new UserPool(local.userPool), { express, handler })
    try {
      for (const [what, [status, error], lines] of rows) {
        const heal = what === 'keys out of reach' ? local.fail('jwks', { status: 500 }) : () => undefined
        const app = what === 'keys out of reach' ? cold : warm
        answers.push(comparable(await askOnce(app, what, lines(), status)))
        heal()
        assert.equal((answers.at(-1) as { error?: string }).error, error, what)
      }
    } finally {
      await Promise.all([cold.close(), warm.close()])
    }
    return answers
  }

  async function askOnce(app: BearerApp, what: string, lines: string[], status: number): Promise<WireAnswer> {
    const [handled, nexts] = [app.handled, app.nexts]
    // An answer that never comes fails here, not at the end of the run.
    const limit = AbortSignal.timeout(5_000)
    const late = new Promise<never>((_, reject) =>
      limit.addEventListener('abort', () => reject(new Error(what))),
    )
    const answer = await Promise.race([wire(app.url, lines), late])
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(answer.status, status, what)
    assert.equal(app.handled - handled, status === 200 ? 1 : 0, what)
    // The request goes on to the handler, or to the error handler; or bearer() has answered.
    assert.equal(app.nexts - nexts, status === 200 || status === 503 ? 1 : 0, what)
    return answer
  }

  function comparable({ status, headers, body }: WireAnswer): object {
    const own = ['www-authenticate', 'cache-control', 'retry-after', 'content-type', 'set-cookie']
    return {
      status,
      ...Object.fromEntries(own.map((name) => [name, headers.get(name)])),
      ...(JSON.parse(body) as object),
    }
  }

  test('BV-38 next is called once or never, nothing hangs, and all four give the same answers', async () => {
    const all: unknown[][] = []
    for (const express of [express5, express4]) {
      for (const handler of Object.values(handlers)) all.push(await answersOf(express, handler))
    }
    for (const answers of all) assert.deepEqual(answers, all[0])
  })

  for (const [version, express] of [
    [5, express5],
    [4, express4],
  ] as const) {
    test(`BV-38 on Express ${version} a handler that fails is the app's own error, once`, async () => {
      const boom = new Error('of the app')
      const handler: RequestHandler = () => {
        throw boom
      }
      const app = await startBearerApp(new UserPool(local.userPool), { express, handler })
      try {
        const token = await local.issueToken({ tokenUse: 'access' })
        const { status } = await wire(app.url, [`Authorization: Bearer ${token}`])
        assert.deepEqual([status, app.handled, app.nexts, app.errors], [500, 1, 1, [boom]])
      } finally {
        await app.close()
      }
    })
  }
})
