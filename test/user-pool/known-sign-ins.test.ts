import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownSignIns } from '../../src/user-pool/known-sign-ins.ts'

const tokensOf = (refreshToken: string) => ({ idToken: 'id', accessToken: 'access', refreshToken })
const [one, two, three] = ['one', 'two', 'three'].map(tokensOf) as [
  ReturnType<typeof tokensOf>,
  ReturnType<typeof tokensOf>,
  ReturnType<typeof tokensOf>,
]

test('sign-ins are bounded: the one that was not seen for the longest time falls out', () => {
  const known = new KnownSignIns(2)
  const [first, second] = [known.of(one), known.of(two)]
  assert.equal(known.get(one), first)
  known.of(three)
  assert.equal(known.get(two), undefined)
  assert.equal(known.get({ ...one }), first)
  assert.notEqual(known.of(two), second)
})

test('a sign-in that is being worked on is known to everyone, however many others come', async () => {
  const known = new KnownSignIns(1)
  const signIn = known.of(one)
  await known.whileBusy(signIn, async () => {
    known.of(two)
    known.of(three)
    assert.equal(known.get(one), signIn)
    assert.equal(known.of(one), signIn)
    await Promise.resolve()
  })
  assert.equal(known.get(one), signIn, 'and what the work brought is still known afterwards')
  known.of(two)
  assert.equal(known.get(one), undefined)
})

test('work that fails leaves the sign-in known, and no longer than others', async () => {
  const known = new KnownSignIns(1)
  const signIn = known.of(one)
  await assert.rejects(
    known.whileBusy(signIn, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  assert.equal(known.get(one), signIn)
  known.of(two)
  assert.equal(known.get(one), undefined)
})

test('a refresh token that only ends like a known one is another sign-in', () => {
  const known = new KnownSignIns()
  const end = 'e'.repeat(43)
  const signIn = known.of(tokensOf(`a${end}`))
  for (const token of [`b${end}`, end, `aa${end}`]) assert.equal(known.get(tokensOf(token)), undefined)
  assert.equal(known.get(tokensOf(`a${end}`)), signIn)
})

test('a ring of refresh tokens, which only a broken service makes, is walked once', () => {
  const known = new KnownSignIns()
  known.of(one).next = two
  known.of(two).next = one
  assert.deepEqual(known.chain(one), [one, two, one])
})
