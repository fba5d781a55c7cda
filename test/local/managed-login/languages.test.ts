import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../../src/local/index.ts'
import { languages } from '../../../src/local/managed-login/languages/index.ts'
import { authorizeUrl, start } from '../domain.ts'
import { Person } from './person.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

const login = (lang?: string) => authorizeUrl(local, { lang })

for (const [lang, heading, refusal] of [
  [undefined, 'Sign in', 'Incorrect username or password.'],
  ['en', 'Sign in', 'Incorrect username or password.'],
  ['de', 'Anmelden', 'Der Benutzername oder das Passwort ist falsch.'],
  ['ja', 'サインイン', 'ユーザー名またはパスワードが正しくありません。'],
  ['xx', 'Sign in', 'Incorrect username or password.'],
  ['__proto__', 'Sign in', 'Incorrect username or password.'],
] as const) {
  test(`lang=${lang} shows "${heading}", and refusals in the same language`, async () => {
    const person = await new Person().go(login(lang))
    assert.equal(person.heading, heading)
    const code = heading === 'Sign in' ? 'en' : lang
    assert.match(person.page, new RegExp(`<html lang="${code}">`))
    await person.submit({ username: `nobody-${lang}`, password: 'x' })
    assert.equal(person.alert, refusal)
  })
}

test('the language is remembered until another is asked for', async () => {
  const person = await new Person().go(login('ja'))
  await person.go(login())
  assert.equal(person.heading, 'サインイン')
  await person.go(`${local.url}/error?error=redirect_mismatch`)
  assert.equal(person.heading, 'エラーが発生しました')
  await person.go(login('xx'))
  assert.equal(person.heading, 'サインイン')
  await person.go(login('en'))
  await person.go(login())
  assert.equal(person.heading, 'Sign in')
})

test('every page links to itself in the other languages', async () => {
  const person = await new Person().go(login())
  await person.go(person.link('Deutsch'))
  assert.equal(person.heading, 'Anmelden')
  assert.equal(person.at.searchParams.get('state'), 'state1')
  assert.match(person.page, /<a [^>]*lang="de"[^>]* aria-current="true"\s*>Deutsch</)
})

/** Every text by its path; functions with a sample of their arguments. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const sample: unknown = path.endsWith('policy') ? value(12, ['numbers', 'symbols']) : value('SAMPLE')
    return [[path, String(sample)]]
  }
  return Object.entries(value as object).flatMap(([name, part]) => textsOf(part, `${path}.${name}`))
}

test('every language has every text, with what it is about in it', () => {
  const [english, ...others] = languages.map((texts) => textsOf({ ...texts, messages: {} }))
  for (const texts of others) {
    assert.deepEqual(
      texts.map(([path]) => path),
      english?.map(([path]) => path),
    )
    for (const [index, [path, text]] of texts.entries()) {
      assert.notEqual(text.trim(), '', path)
      assert.equal(text.includes('SAMPLE'), english?.[index]?.[1].includes('SAMPLE'), path)
      assert.equal(text.includes('12'), english?.[index]?.[1].includes('12'), path)
    }
  }
})

test('the other languages translate the same messages of the service', () => {
  const [, german, japanese] = languages.map(({ messages }) => Object.keys(messages).sort())
  assert.deepEqual(german, japanese)
  assert.equal((german ?? []).length > 20, true)
})

test('the rules of passwords read well, however many there are', () => {
  const [english, german, japanese] = languages
  const read = (...classes: Parameters<(typeof english)['policy']>[1]) => english.policy(8, classes)
  assert.equal(read(), 'At least 8 characters.')
  assert.equal(read('numbers'), 'At least 8 characters, with a digit.')
  assert.equal(read('numbers', 'symbols'), 'At least 8 characters, with a digit and a symbol.')
  assert.equal(
    german?.policy(8, ['lowercase', 'numbers', 'symbols']),
    'Mindestens 8 Zeichen mit einem Kleinbuchstaben, einer Ziffer und einem Sonderzeichen.',
  )
  assert.equal(japanese?.policy(8, ['lowercase', 'numbers']), '8 文字以上で、小文字、数字を含めてください。')
})
