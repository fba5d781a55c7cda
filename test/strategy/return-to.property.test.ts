import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeReturnTo } from '../../src/strategy/return-to.ts'
import { controls, corpus, hosts, origin } from './return-to-corpus.ts'

const forbidden = ['/login', '/callback']

/** Where the browser lands that finds this in `Location`, on any page of the app. */
function landing(location: string, page: string): URL {
  return new URL(location, origin + page)
}

function assertSafe(value: unknown, result: string): void {
  const what = `${JSON.stringify(value)} → ${JSON.stringify(result)}`
  for (const page of ['/callback?code=1', '/', '/deep/er/page', '//odd//page']) {
    const url = landing(result, page)
    assert.equal(url.origin, origin, what)
    assert.equal(url.username + url.password, '', what)
    // As Express routes: in any case, and with a slash at the end.
    assert.ok(!forbidden.includes(url.pathname.toLowerCase().replace(/(?<=.)\/$/, '')), what)
    // Read again, it is the same page: nothing is left for a second reader to resolve another way.
    assert.equal(url.pathname + url.search + url.hash, result, what)
  }
  assert.match(result, /^\/(?!\/)/, what)
  assert.match(result, /^[\x21-\x7e]+$/, what)
  assert.ok(!result.split(/[?#]/)[0]?.includes('\\'), what)
}

test('returnTo is a page of the app itself or nothing, whatever it is made of (20,000, seeded)', () => {
  let [safe, none] = [0, 0]
  fc.assert(
    fc.property(corpus, (value) => {
      const result = safeReturnTo(value, origin, forbidden)
      if (result === undefined) return void (none += 1)
      safe += 1
      assertSafe(value, result)
      // Taken once, it is taken again as it is: the session store may be read by a newer version.
      assert.equal(safeReturnTo(result, origin, forbidden), result)
    }),
    { seed: 9700, numRuns: 20_000 },
  )
  assert.ok(safe > 2_000 && none > 2_000, `${safe} safe, ${none} none`)
})

test('a returnTo that holds a control character, a backslash, user info or another origin is nothing', () => {
  const at = fc.nat(12)
  const clean = fc.constantFrom('/files/a', `${origin}/files`, '/a?b=c#d', '/')
  fc.assert(
    fc.property(clean, at, fc.constantFrom(...controls, '\\', '\u0080', '\u009f'), (text, place, bad) => {
      assert.equal(safeReturnTo(text.slice(0, place) + bad + text.slice(place), origin, forbidden), undefined)
    }),
    { seed: 1, numRuns: 2_000 },
  )
  for (const host of hosts) {
    const url = URL.canParse(`https://${host}/x`) ? new URL(`https://${host}/x`) : undefined
    const plain = url?.origin === origin && url.username === '' && !host.includes('\\')
    const results = [`https://${host}/x`, `//${host}/x`, `/\\${host}/x`, `/.//${host}/x`].map((value) =>
      safeReturnTo(value, origin, forbidden),
    )
    for (const result of results.slice(0, 2)) assert.equal(result !== undefined, plain, host)
    assert.deepEqual(results.slice(2), [undefined, undefined], host)
  }
})

test('a returnTo that is no single string is nothing', () => {
  fc.assert(
    fc.property(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
      (value) => {
        const result = safeReturnTo(value, origin, forbidden)
        if (typeof value !== 'string') assert.equal(result, undefined)
        else if (result !== undefined) assertSafe(value, result)
      },
    ),
    { seed: 2, numRuns: 2_000 },
  )
})

test('a returnTo that Express would route into sign-in again is nothing', () => {
  for (const page of [
    '/login',
    '/login/',
    '/LogIn',
    '/login?returnTo=/',
    '/login/#x',
    '/a/../login/',
    '/callback/',
  ])
    for (const value of [page, origin + page]) assert.equal(safeReturnTo(value, origin, forbidden), undefined)
  assert.equal(safeReturnTo('/logins', origin, forbidden), '/logins')
})

test('an ordinary page of the app is kept, with its query and fragment', () => {
  const word = fc.stringMatching(/^[a-z0-9~_-]{1,8}$/)
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), fc.option(word), fc.option(word), (parts, query, hash) => {
      const page = `/${parts.join('/')}${query === null ? '' : `?q=${query}`}${hash === null ? '' : `#${hash}`}`
      const expected = forbidden.includes(`/${parts.join('/')}`) ? undefined : page
      for (const value of [page, origin + page])
        assert.equal(safeReturnTo(value, origin, forbidden), expected)
    }),
    { seed: 3, numRuns: 1_000 },
  )
})
