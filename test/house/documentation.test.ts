/**
 * What src/errors.ts can say, docs/troubleshooting.md explains and the README lists. The lists are read from the source, so that a
 * new reason without an entry, and an entry without a reason, fail here.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const parse = (file: string) => ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext, true)
const source = parse('src/errors.ts')

/** The members of a union of string literals. */
function unionOf(name: string): string[] {
  const alias = source.statements.filter(ts.isTypeAliasDeclaration).find((one) => one.name.text === name)
  const members = alias && ts.isUnionTypeNode(alias.type) ? alias.type.types : []
  const literals = members.map((type) => (ts.isLiteralTypeNode(type) ? type.literal.getText() : ''))
  assert.ok(literals.length > 1 && !literals.includes(''), `${name} is no union of literals`)
  return literals.map((text) => text.slice(1, -1)).sort()
}

/** The names of the members of an object, `as const` or `satisfies` aside. */
function membersOf(name: string, file: string): string[] {
  const declarations = parse(file)
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
  let value: ts.Node | undefined = declarations.find((one) => one.name.getText() === name)?.initializer
  while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression
  assert.ok(value && ts.isObjectLiteralExpression(value), `${name} is no object`)
  return value.properties.map((property) => property.name?.getText() ?? '').sort()
}

/** Classes of errors with their code. */
function classesByCode(): Map<string, string> {
  const classes = source.statements.filter(ts.isClassDeclaration)
  return new Map(
    classes.flatMap((one): [string, string][] => {
      const code = one.members
        .filter(ts.isPropertyDeclaration)
        .find(({ name, initializer }) => name.getText() === 'code' && initializer !== undefined)
      return code?.initializer ? [[code.initializer.getText().slice(1, -1), one.name?.text ?? '']] : []
    }),
  )
}

interface Entry {
  section: string
  title: string
  text: string
}

const page = read('docs/troubleshooting.md')

/** Every `###` of the page, with the `##` that it stands under. */
function entriesOf(text: string): Entry[] {
  return text.split(/^## /m).flatMap((part) => {
    const [head = '', ...entries] = part.split(/^### /m)
    const section = head.split('\n')[0] ?? ''
    return entries.map((entry) => {
      const [title = '', ...lines] = entry.split('\n')
      return { section, title, text: lines.join('\n') }
    })
  })
}

const entries = entriesOf(page)
const titlesUnder = (word: string) =>
  entries
    .filter(({ section }) => section.includes(word))
    .map(({ title }) => title.replaceAll('`', ''))
    .sort()

const lists: [what: string, section: string, names: string[]][] = [
  ['error code', 'By code', unionOf('CognitoErrorCode')],
  [
    'reason of a CallbackError',
    'CallbackError',
    membersOf('callbackReasons', 'src/errors/callback-reasons.ts'),
  ],
  ['reason of a SignInError', 'SignInError', membersOf('signInReasons', 'src/errors/sign-in-reasons.ts')],
  ['reason of an InvalidTokenError', 'InvalidTokenError', unionOf('InvalidTokenReason')],
  ['reason of a CredentialsError', 'CredentialsError', unionOf('CredentialsErrorReason')],
]
for (const [what, section, names] of lists) {
  test(`every ${what} has an entry in docs/troubleshooting.md, and there is no other`, () => {
    assert.deepEqual(titlesUnder(section), names)
  })
}

test('every entry says the cause and what to do', () => {
  const incomplete = entries.filter(({ text }) => !/^\*\*Cause\.\*\* .+^\*\*Fix\.\*\* \S/ms.test(text))
  assert.deepEqual(
    incomplete.map(({ title }) => title),
    [],
  )
})

test('the status of every CallbackError reason is the one in its entry', () => {
  for (const [, reason, status] of read('src/errors/callback-reasons.ts').matchAll(
    /^ {2}(\w+): \[\s*(\d{3}),/gm,
  )) {
    const entry = entries.find(({ title }) => title === `\`${reason}\``)
    assert.match(entry?.text ?? '', new RegExp(`; ${status}[.:]`), reason)
  }
})

test('the status of every SignInError reason is the one in its entry', () => {
  const section = page.slice(page.indexOf('## A direct sign-in'))
  for (const [, reason, status] of read('src/errors/sign-in-reasons.ts').matchAll(
    /^ {2}(\w+): \[(\d{3}),/gm,
  )) {
    assert.match(section, new RegExp(`^### \`${reason}\`\n\n\\*\\*Cause\\.\\*\\* ${status}\\. `, 'm'), reason)
  }
})

test("the README's table of errors lists every code with its class, and no other", () => {
  const rows = read('README.md').matchAll(/^\| `(ERR_\w+)` +\| `(\w+)` +\|/gm)
  const listed = [...rows].map(([, code = '', name = '']): [string, string] => [code, name])
  assert.deepEqual(new Map(listed), classesByCode())
  assert.deepEqual(listed.map(([code]) => code).sort(), unionOf('CognitoErrorCode'))
})

test('the README stays under 300 lines', () => {
  assert.ok(read('README.md').split('\n').length < 300)
})

/** The fragment of a heading, as GitHub makes it. */
const fragment = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

for (const file of [
  'README.md',
  'SECURITY.md',
  'docs/troubleshooting.md',
  'docs/architecture.md',
  'docs/events.md',
  'docs/identity-pools.md',
]) {
  test(`every link of ${file} inside the repository leads somewhere`, () => {
    const folder = new URL(file, `file://${root}`)
    const broken = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const target = new URL(link, folder)
        if (!existsSync(target)) return true
        if (target.hash === '') return false
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)]
        return !headings.some(([, title = '']) => `#${fragment(title)}` === target.hash)
      })
    assert.deepEqual(broken, [])
  })
}

test('the README leads to what to do about trouble and about security', () => {
  assert.match(read('README.md'), /\]\(docs\/troubleshooting\.md\)/)
  assert.match(read('README.md'), /\]\(SECURITY\.md\)/)
})

test('a case that SECURITY.md says has no test has none, and one that is held in part has one', () => {
  const [, without = '', part = ''] = read('SECURITY.md').split(
    /^## Cases without a test.*$|^### Held in part$/m,
  )
  const ids = (text: string) => [...text.matchAll(/^\| ([A-Z]{2}-\d{2}) /gm)].map(([, id = '']) => id)
  const files = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  const tests = files.filter((file) => file.endsWith('.test.ts')).map((file) => read(`test/${file}`))
  const named = (id: string) => tests.some((text) => new RegExp(`['"\`]${id}\\b`).test(text))
  assert.ok(ids(without).length > 0 && ids(part).length > 0)
  assert.deepEqual(ids(without).filter(named), [])
  assert.deepEqual(
    ids(part).filter((id) => !named(id)),
    [],
  )
})
