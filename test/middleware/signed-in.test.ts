import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { SessionEndedError } from '../../src/index.ts'
import type { Session } from '../../src/lib/session.ts'
import {
  destroySession,
  endedBecause,
  endSignIn,
  keepTokens,
  type SessionRequest,
  signedInAt,
  storedTokens,
  tokensToEnd,
} from '../../src/middleware/signed-in.ts'
import { signInId } from '../../src/user-pool/tokens.ts'

const tokens = { idToken: 'id-1', accessToken: 'access-1', refreshToken: 'refresh-1' }
const fresh = { idToken: 'id-2', accessToken: 'access-2', refreshToken: 'refresh-2' }

interface Parts {
  user?: unknown
  session?: object | null
  sessionID?: string
  /** What the store has under the session's id; absent, the request carries no store. */
  row?: unknown
}

/** A request behind express-session and passport.session(), and the methods of its session that were called. */
function request({ row, session = {}, sessionID = 'sid', user }: Parts): {
  req: SessionRequest
  calls: string[]
} {
  const calls: string[] = []
  const method = (name: string) => (done: () => void) => {
    calls.push(name)
    done()
  }
  const methods = { save: method('save'), regenerate: method('regenerate'), destroy: method('destroy') }
  const store = {
    row,
    get(this: { row: unknown }, id: string, done: (error: unknown, found?: unknown) => void) {
      calls.push(`get ${id}`)
      done(null, this.row)
    },
  }
  const req = {
    headers: {},
    sessionID,
    session: session && Object.assign(session, methods),
    ...(row !== undefined && { sessionStore: store }),
    ...(user !== undefined && { user }),
  }
  return { req: req as unknown as SessionRequest, calls }
}

describe('the tokens of a request', () => {
  const stored = (parts: Parts) => storedTokens(request(parts).req)
  const signedIn = { cognitoSignedIn: 'sid' }

  test('are none for who is not signed in, with a session or without', () => {
    for (const session of [{}, null, { passport: {} }, { passport: { user: null } }, signedIn])
      for (const user of [undefined, null]) assert.equal(stored({ user, session }), undefined)
  })

  test('cannot be told before passport.session() ran: that is said, and nobody counts as anonymous', () => {
    for (const user of [undefined, null])
      assert.throws(() => stored({ user, session: { passport: { user: { tokens } } } }), {
        name: 'ConfigurationError',
        message: /after passport\.session\(\)/,
      })
  })

  test('are those of the user, as a copy that shows none of them', () => {
    const user = { tokens: { ...tokens } }
    const found = stored({ user })
    assert.deepEqual({ ...found }, tokens)
    assert.notEqual(found, user.tokens)
    assert.doesNotMatch(inspect(found), /id-1|access-1|refresh-1/)
  })

  test('are the refreshed ones when the session keeps some of this very sign-in', () => {
    const kept = { of: signInId(tokens), tokens: fresh }
    assert.deepEqual({ ...stored({ user: { tokens }, session: { cognitoTokens: kept } }) }, fresh)
  })

  const foreign: [string, unknown][] = [
    ['of another sign-in', { of: signInId(fresh), tokens: fresh }],
    ['of no sign-in', { tokens: fresh }],
    ['of a sign-in that is no text', { of: [signInId(tokens)], tokens: fresh }],
    ['damaged', { of: signInId(tokens), tokens: { idToken: 'id-2' } }],
    ['missing', { of: signInId(tokens) }],
    ['null', null],
    ['a text', 'cognitoTokens'],
  ]
  for (const [what, cognitoTokens] of foreign) {
    test(`are the user's own when those kept in the session are ${what}`, () => {
      assert.deepEqual({ ...stored({ user: { tokens }, session: { cognitoTokens } }) }, tokens)
    })
  }

  test('are none for the user of another strategy', () => {
    for (const session of [{}, null, { cognitoSignedIn: 'another session' }])
      for (const user of [{}, { tokens: 'api-key' }, { tokens: { idToken: 7 } }])
        assert.equal(stored({ user, session }), undefined)
    // Without a session id nothing was signed in here, whatever the session says.
    const { req } = request({ user: {} })
    delete req.sessionID
    assert.equal(storedTokens(req), undefined)
  })

  const damaged = [{ idToken: 'id-1' }, { accessToken: 'access-1' }, { ...tokens, refreshToken: 7 }]
  for (const broken of damaged) {
    test(`that the store damaged end the sign-in: ${JSON.stringify(broken)}`, () => {
      assert.throws(() => stored({ user: { tokens: broken }, session: signedIn }), {
        name: 'SessionEndedError',
      })
    })
  }

  for (const dropped of [undefined, null, 'redacted', {}, { id: 'id-1' }]) {
    test(`that the app's serializer dropped are a mistake of the wiring: ${JSON.stringify(dropped)}`, () => {
      assert.throws(() => stored({ user: { tokens: dropped }, session: signedIn }), {
        name: 'ConfigurationError',
        message: /serializeUser.*tokens: user\.tokens/,
      })
    })
  }

  test('are no obstacle at sign-out, where they are missing or damaged', () => {
    const ending = (parts: Parts) => tokensToEnd(request(parts).req)
    assert.deepEqual({ ...ending({ user: { tokens } }) }, tokens)
    for (const broken of [{ idToken: 'id-1' }, undefined])
      assert.equal(ending({ user: { tokens: broken }, session: signedIn }), undefined)
    assert.equal(ending({ session: { passport: { user: {} } } }), undefined)
  })
})

describe('the time of a sign-in', () => {
  const at = (session: object | null) => signedInAt(request({ session }).req)

  test('is what the strategy noted in this very session', () => {
    assert.equal(at({ cognitoSignedInAt: { of: 'sid', at: 5 } }), 5)
  })

  for (const note of [
    { of: 'other', at: 5 },
    { at: 5 },
    { of: 'sid' },
    { of: 'sid', at: '5' },
    null,
    'sid',
    5,
  ]) {
    test(`is unknown when the note is ${JSON.stringify(note)}`, () => {
      assert.equal(at({ cognitoSignedInAt: note }), undefined)
    })
  }

  test('is unknown without a note, without a session, and without the id of one', () => {
    assert.equal(at({}), undefined)
    assert.equal(at(null), undefined)
    const { req } = request({ session: null })
    delete req.sessionID
    assert.equal(signedInAt(req), undefined)
  })
})

describe('refreshed tokens', () => {
  test('are shown to the app as a copy of its own, and saved after a look at the store', async () => {
    const user = { name: 'ana', tokens }
    const { req, calls } = request({ user, session: { passport: { user } }, row: {} })
    await keepTokens(req, fresh)
    assert.deepEqual(calls, ['get sid', 'save'])
    assert.deepEqual({ ...(user.tokens as object) }, fresh)
    assert.notEqual(user.tokens, fresh)
    assert.doesNotMatch(inspect(user), /id-2|access-2|refresh-2/)
    assert.equal('cognitoTokens' in (req.session as Session), false)
  })

  test('have a place of their own, under the sign-in that they belong to, where the session holds another object', async () => {
    const user = { tokens }
    const { req, calls } = request({ user, session: { passport: { user: { id: 7, tokens } } } })
    await keepTokens(req, fresh)
    assert.deepEqual((req.session as Session)['cognitoTokens'], { of: signInId(tokens), tokens: fresh })
    assert.deepEqual(calls, ['save'])
  })

  test('are saved for a session without Passport too', async () => {
    const { req } = request({ user: { tokens } })
    await keepTokens(req, fresh)
    assert.deepEqual((req.session as Session)['cognitoTokens'], { of: signInId(tokens), tokens: fresh })
  })

  test('belong to nobody where nobody is signed in any more, or to nobody of ours', async () => {
    for (const user of [undefined, { tokens: 'api-key' }]) {
      const { req, calls } = request({ user })
      await keepTokens(req, fresh)
      assert.equal('cognitoTokens' in (req.session as Session), false)
      assert.deepEqual(calls, ['save'])
    }
  })

  test('do not bring back a session that is gone from the store', async () => {
    const user = { tokens }
    const { req, calls } = request({ user, row: null })
    await assert.rejects(keepTokens(req, fresh), { name: 'SessionEndedError' })
    assert.deepEqual(calls, ['get sid'])
    assert.equal(user.tokens, tokens)
    assert.equal('cognitoTokens' in (req.session as Session), false)
  })

  test('are saved where the store cannot be asked', async () => {
    for (const sessionStore of [undefined, {}]) {
      const { req, calls } = request({ user: { tokens } })
      await keepTokens(Object.assign(req as object, { sessionStore }) as SessionRequest, fresh)
      assert.deepEqual(calls, ['save'])
    }
    const { req, calls } = request({ user: { tokens }, row: null })
    delete req.sessionID
    await keepTokens(req, fresh)
    assert.deepEqual(calls, ['save'])
  })

  test('need a session', async () => {
    const { req } = request({ user: { tokens }, session: null })
    await assert.rejects(keepTokens(req, fresh), { name: 'ConfigurationError' })
  })
})

describe('the end of a sign-in', () => {
  test('leaves a new session and no user, and says why', async () => {
    const { req, calls } = request({ user: { tokens } })
    assert.equal(endedBecause(req), undefined)
    const error = new SessionEndedError()
    await endSignIn(req, error)
    assert.deepEqual(calls, ['regenerate'])
    assert.equal(req.user, undefined)
    assert.equal(endedBecause(req), error)
  })

  test('at sign-out destroys the session, or there is none', async () => {
    const { req, calls } = request({ user: { tokens } })
    await destroySession(req)
    assert.deepEqual(calls, ['destroy'])
    assert.equal(req.user, undefined)
    const without = request({ user: { tokens }, session: null })
    await destroySession(without.req)
    assert.equal(without.req.user, undefined)
  })
})
