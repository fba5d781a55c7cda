import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
const home = mkdtempSync(path.join(tmpdir(), 'tarball-'))

interface Manifest {
  name: string
  type: string
  exports: Record<string, string | Record<string, string>>
  bin: Record<string, string>
  scripts: Record<string, string>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
const manifest = read(path.join(root, 'package.json')) as Manifest
const { packages: locked } = read(path.join(root, 'package-lock.json')) as {
  packages: Record<string, { version?: string; dev?: boolean }>
}

let packed: { filename: string; files: { path: string; mode: number }[] }

before(() => {
  const pack = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], root)
  const [entry] = JSON.parse(pack) as [typeof packed]
  packed = entry
  writeFileSync(path.join(home, 'package.json'), '{ "name": "user", "private": true, "type": "module" }')
  install(path.join(home, packed.filename), 'express@5', 'passport', '@types/express@5', '@types/passport')
})
after(() => rmSync(home, { recursive: true, force: true }))

function install(...packages: string[]): void {
  run(
    'npm',
    ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...packages],
    home,
  )
}

/** The files that a document leads to, by links and images. */
function leadsTo(document: string): string[] {
  // Code that calls what it has looked up is no link.
  const text = readFileSync(path.join(root, document), 'utf8').replace(/^```.*?^```/gms, '')
  const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
  return links
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => path.posix.join(path.posix.dirname(document), link))
}

const documents = readdirSync(path.join(root, 'docs')).filter((file) => file.endsWith('.md'))

test('the tarball holds the built modules, their types, docs/*.md and what the README leads to, and nothing else', () => {
  const files = packed.files.map((file) => file.path).sort()
  const built = files.filter((file) => file.startsWith('dist/'))
  const others = ['LICENSE', 'README.md', 'package.json', ...documents.map((file) => `docs/${file}`)]
  assert.deepEqual(
    files.filter((file) => !built.includes(file)),
    [...new Set([...others, ...leadsTo('README.md')])].sort(),
  )
  for (const file of built) {
    const source = file.match(/^dist\/(.+?)(?:\.d\.ts|\.js)$/)?.[1]
    assert.ok(
      source !== undefined && existsSync(path.join(root, 'src', `${source}.ts`)),
      `${file} has no source`,
    )
    assert.doesNotMatch(file, /(^|\/)(test|\.env)|\.(test|spec)\.|\.(pem|key)$/)
    assert.ok(
      built.includes(`dist/${source}.js`) && built.includes(`dist/${source}.d.ts`),
      `${file} stands alone`,
    )
  }
})

test('every file that the manifest names is in the tarball', () => {
  const files = packed.files.map((file) => `./${file.path}`)
  const named = [
    ...Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    ),
    ...Object.values(manifest.bin).map((file) => `./${file}`),
  ]
  assert.deepEqual(
    named.filter((file) => !files.includes(file)),
    [],
  )
})

test('every link between documents of the tarball leads to a file of the tarball', () => {
  const files = packed.files.map((file) => file.path)
  for (const document of files.filter((file) => file.endsWith('.md'))) {
    assert.deepEqual(
      leadsTo(document).filter((file) => !files.includes(file)),
      [],
      document,
    )
  }
})

test('no file of the tarball holds a private key or a path of the machine that built it', () => {
  const folder = path.join(home, 'node_modules', manifest.name)
  for (const file of packed.files) {
    const text = readFileSync(path.join(folder, file.path), 'utf8')
    assert.doesNotMatch(text, /BEGIN [A-Z ]*PRIVATE KEY/, file.path)
    assert.ok(!text.includes(root), `${file.path} names the folder that it was built in`)
  }
})

test('the package runs no script when it is installed', () => {
  const hooks = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
  assert.deepEqual(
    hooks.filter((hook) => hook in manifest.scripts),
    [],
  )
})

test('the package has at most eight dependencies', () => {
  assert.ok(Object.keys(manifest.dependencies).length <= 8)
})

type Version = [number, number, number]

function version(text: string): Version {
  const [, major, minor, patch] = /^[\^~]?(\d+)\.(\d+)\.(\d+)$/.exec(text.trim()) ?? []
  assert.ok(major !== undefined, `"${text}" is not one version or one caret range`)
  return [Number(major), Number(minor), Number(patch)]
}

function atLeast(actual: Version, floor: Version): boolean {
  const different = actual.findIndex((part, index) => part !== floor[index])
  return different === -1 || (actual[different] ?? 0) > (floor[different] ?? 0)
}

// The first versions without a hole that reaches this package's users, or without a fault that ends the process.
const floors: Record<string, string> = {
  'openid-client': '6.8.8',
  'aws-jwt-verify': '5.2.1',
  jose: '6.0.0',
  passport: '0.6.0',
  'express-session': '1.18.2',
}

for (const [name, floor] of Object.entries(floors)) {
  test(`${name} is ${floor} or later, in the manifest and in the lockfile`, () => {
    const range = manifest.dependencies[name] ?? manifest.peerDependencies[name]
    assert.ok(range !== undefined, 'neither a dependency nor a peer')
    for (const part of range.split('||')) assert.ok(atLeast(version(part), version(floor)), range)
    // Copies inside development tools are theirs, and never installed by a user.
    const copies = Object.entries(locked).filter(
      ([folder, { dev }]) =>
        folder === `node_modules/${name}` || (folder.endsWith(`/node_modules/${name}`) && dev !== true),
    )
    assert.ok(copies.length > 0)
    for (const [folder, copy] of copies) {
      assert.ok(atLeast(version(copy.version ?? ''), version(floor)), `${folder} is ${copy.version}`)
    }
  })
}

test('the express that the tests use has no open redirect and no script injection', () => {
  assert.ok(atLeast(version(locked['node_modules/express']?.version ?? ''), [5, 0, 0]))
  assert.ok(atLeast(version(locked['node_modules/express4']?.version ?? ''), [4, 20, 0]))
})

const importing = `
  import * as main from 'passport-cognito-identity'
  import * as local from 'passport-cognito-identity/local'`
const requiring = `
  const main = require('passport-cognito-identity')
  const local = require('passport-cognito-identity/local')`
const using = `
  local.startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] }).then(async (cognito) => {
    const userPool = new main.UserPool(cognito.userPool)
    new main.IdentityPool(cognito.identityPool)
    new main.CognitoStrategy({ userPool, callbackURL: 'http://localhost:3000/callback' })
    const refused = await userPool.verify('not a token', { tokenUse: 'access' }).catch((error) => error.code)
    await cognito.close()
    console.log(refused)
  })`

for (const [kind, type, load] of [
  ['an ES module imports', 'module', importing],
  ['a CommonJS module requires', 'commonjs', requiring],
] as const) {
  test(`${kind} the installed package and uses it`, () => {
    const said = run(process.execPath, [`--input-type=${type}`, '-e', load + using], home)
    assert.equal(said, 'ERR_COGNITO_INVALID_TOKEN\n')
  })
}

test('the package loads where code may not be made from strings and __proto__ is gone', () => {
  const flags = ['--disallow-code-generation-from-strings', '--disable-proto=delete', '--input-type=module']
  const program = `await import('passport-cognito-identity'); await import('passport-cognito-identity/local')`
  assert.equal(run(process.execPath, [...flags, '-e', program], home), '')
})

test('a path inside the package cannot be imported', () => {
  const program = `import('passport-cognito-identity/dist/errors.js').then(() => 'open', (e) => e.code).then(console.log)`
  assert.equal(run(process.execPath, ['-e', program], home), 'ERR_PACKAGE_PATH_NOT_EXPORTED\n')
})

test('the installed command says how it is used', () => {
  const [command] = Object.keys(manifest.bin)
  assert.ok(command !== undefined)
  assert.match(run('npx', ['--no-install', command, '--help'], home), /local/)
})

// What a user would write: the verbs on an app, the request's own property, the two nouns.
const userProgram = `
import express from 'express'
import passport from 'passport'
import {
  CognitoStrategy, IdentityPool, UserPool, bearer, getAuth, logout, requireAuth, requireGroups, requireScopes, session,
} from 'passport-cognito-identity'
import { startLocalCognito } from 'passport-cognito-identity/local'

const app = express()
const local = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!', groups: ['admin'] }] })
const userPool = new UserPool(local.userPool)
const identityPool = new IdentityPool(local.identityPool)
passport.use(new CognitoStrategy({ userPool, callbackURL: 'http://localhost:3000/callback' }))
app.use(session({ userPool, identityPool }))
app.get('/login', passport.authenticate('cognito'))
app.post('/logout', logout({ userPool, identityPool, returnTo: 'http://localhost:3000/' }))
app.get('/account', requireAuth({ loginURL: '/login' }), (_req, res) => { res.end() })
app.use('/api', bearer({ userPool }))
app.delete('/api/files', requireGroups('admin'), requireScopes('files/write'), (req, res) => {
  const sub: string = getAuth(req).claims.sub
  const same: string | undefined = req.cognito?.claims.sub
  res.json({ sub, same })
})
// @ts-expect-error an option that does not exist
new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'a', clientid: 'b' })
// @ts-expect-error a user pool needs its id
new UserPool({ clientId: 'a' })
await local.close()
`

for (const major of [5, 4]) {
  test(`a strict TypeScript program with the types of Express ${major} compiles, the package's own types included`, () => {
    if (major === 4) install('express@4', '@types/express@4')
    writeFileSync(path.join(home, 'user.ts'), userProgram)
    const options = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
    const compilerOptions = {
      ...options,
      module: 'nodenext',
      target: 'es2023',
      skipLibCheck: false,
      noEmit: true,
    }
    writeFileSync(path.join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }))
    run(process.execPath, [tsc, '-p', '.'], home)
  })
}
