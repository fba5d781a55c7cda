import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigurationError, requireAuth, requireGroups, requireScopes } from '../../src/index.ts'

function refuses(make: () => unknown, message: RegExp): void {
  assert.throws(make, (error) => {
    assert.equal((error as Error).name, ConfigurationError.name, String(error))
    assert.match((error as Error).message, message)
    return true
  })
}

describe('requireAuth says at construction what is wrong', () => {
  test('with what is no options object, and with an option that it does not have', () => {
    refuses(() => requireAuth('/login' as never), /^requireAuth takes an options object: .*loginURL, check/)
    refuses(() => requireAuth({ loginUrl: '/login' } as never), /^requireAuth has no option "loginUrl"/)
  })

  test('with a check that is no function', () => {
    refuses(() => requireAuth({ check: true as never }), /^requireAuth: "check" must be a function/)
  })

  test('with a loginURL that is no text, and shows one', () => {
    refuses(() => requireAuth({ loginURL: 7 as never }), /^requireAuth: "loginURL" .*for example "\/login"/)
  })

  const elsewhere = [
    'login',
    '//evil.example/login',
    '/\\evil.example/login',
    'http://app.example.com/login',
    'http://localhost.evil.example/login',
    'http://127.evil.example/login',
    'javascript:alert("/login")',
    'ftp://app.example.com/https://',
    'ftp://localhost/login',
    'javascript://localhost/%0aalert(1)',
    'https://',
    ' /login',
  ]
  for (const loginURL of elsewhere) {
    test(`with the loginURL ${loginURL}`, () => {
      refuses(
        () => requireAuth({ loginURL }),
        /^requireAuth: "loginURL" must be a path of the app or an https/,
      )
    })
  }

  const good = [
    '/',
    '/login?lang=de',
    'https://auth.example.com/login',
    'http://localhost:3000/login',
    'http://127.0.0.1/login',
    'http://[::1]:3000/login',
  ]
  for (const loginURL of good) {
    test(`and takes the loginURL ${loginURL}`, () => {
      assert.equal(typeof requireAuth({ loginURL }), 'function')
    })
  }
})

describe('requireGroups and requireScopes say at construction what is wrong', () => {
  const names: [string, unknown[]][] = [
    ['no name', []],
    ['an empty name', ['']],
    ['a space in front', [' admin']],
    ['a space behind', ['admin ']],
    ['a list in the place of a name', [['admin']]],
    ['nothing in the place of a name', [undefined]],
    ['a good name and a wrong one', ['admin', 'a b']],
    ['a wrong name and a good one', ['a b', 'admin']],
    ['a quotation mark, which the challenge could not carry', ['a"b']],
    ['a backslash, which the challenge could not carry', ['a\\b']],
  ]
  for (const [what, given] of names) {
    test(`with ${what}`, () => {
      refuses(() => requireGroups(...(given as [])), /^requireGroups takes .*: requireGroups\("admin"\)/)
      refuses(
        () => requireScopes(...(given as [])),
        /^requireScopes takes .*: requireScopes\("orders\/read"\)/,
      )
    })
  }

  test('with conditions that requireGroups does not have, or that say nothing', () => {
    refuses(
      () => requireGroups({ some: ['a'] } as never),
      /^requireGroups has no option "some".*all, any, none/,
    )
    refuses(() => requireGroups({}), /^requireGroups takes groups, or \{ all, any, none \}/)
    refuses(() => requireGroups({ all: undefined }), /^requireGroups takes groups, or/)
  })

  for (const condition of ['all', 'any', 'none']) {
    test(`with a condition "${condition}" that names no group`, () => {
      for (const wrong of [[], [''], ['a', 'b c'], 'admin', null]) {
        refuses(
          () => requireGroups({ all: ['staff'], any: ['staff'], none: ['staff'], [condition]: wrong }),
          /^requireGroups takes .*: requireGroups\(\{ any: \["admin"\] \}\)/,
        )
      }
    })
  }

  test('with conditions and names side by side, of which one would never be checked', () => {
    for (const mixed of [
      [{ any: ['admin'] }, 'staff'],
      ['staff', { any: ['admin'] }],
      [{ any: ['admin'] }, { none: ['staff'] }],
    ])
      refuses(() => requireGroups(...(mixed as [])), /^requireGroups takes one or more names/)
  })

  test('with null in the place of conditions', () => {
    refuses(() => requireGroups(null as never), /requireGroups takes/)
  })
})

test('a check that never answers is a 503 after five seconds, and not a hang', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const guard = requireAuth({ check: () => new Promise(() => undefined) })
  const req = { headers: {}, cognito: {} } as never
  const answered = new Promise((resolve) => guard(req, {} as never, resolve))
  await new Promise(setImmediate)
  t.mock.timers.tick(5_000)
  const { code, status } = (await answered) as { code: string; status: number }
  assert.deepEqual([code, status], ['ERR_COGNITO_UNAVAILABLE', 503])
})
