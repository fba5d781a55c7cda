import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Who may import whom, as docs/architecture.md draws it. Rooms are the folders and files directly under src. */
const mayImport: Record<string, readonly string[]> = {
  index: ['errors', 'events', 'identity', 'middleware', 'shared-store', 'strategy', 'user-pool'],
  events: ['errors', 'identity', 'lib', 'middleware', 'shared-store', 'user-pool'],
  strategy: ['errors', 'lib', 'user-pool'],
  middleware: ['errors', 'identity', 'lib', 'user-pool'],
  'user-pool': ['errors', 'lib', 'shared-store'],
  identity: ['errors', 'lib', 'shared-store'],
  'shared-store': ['errors', 'lib'],
  errors: [],
  // Checks of options throw the one error that stands for a wrong option.
  lib: ['errors'],
  local: [],
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  name: string
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

interface Import {
  from: string
  specifier: string
  /** Whether the import is still there when the program runs, and whether it is loaded before anything runs. */
  kind: 'static' | 'dynamic' | 'type'
}

function filesUnder(folder: string, names = /\.[cm]?[jt]sx?$/): string[] {
  if (!existsSync(path.join(root, folder))) return []
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.ESNext, true)
}

function textOf(node: ts.Node | undefined): string {
  // An import of something computed cannot be checked, so it must not pass as an import of nothing.
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : '(computed)'
}

/** The specifier that a node imports, if it imports one. */
function importedBy(node: ts.Node): Omit<Import, 'from'> | undefined {
  if (ts.isImportDeclaration(node)) {
    // With verbatimModuleSyntax `import { type A } from 'b'` still loads b; only `import type` does not.
    const kind = node.importClause?.isTypeOnly === true ? 'type' : 'static'
    return { specifier: textOf(node.moduleSpecifier), kind }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), kind: node.isTypeOnly ? 'type' : 'static' }
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: textOf(node.moduleReference.expression), kind: node.isTypeOnly ? 'type' : 'static' }
  }
  if (ts.isImportTypeNode(node)) {
    const literal = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    return { specifier: textOf(literal), kind: 'type' }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), kind: 'dynamic' }
  }
  return undefined
}

function importsOf(file: string): Import[] {
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const imported = importedBy(node)
    if (imported !== undefined) found.push({ from: file, ...imported })
    ts.forEachChild(node, visit)
  }
  visit(parse(file))
  return found
}

const isRelative = (specifier: string): boolean => /^\.{1,2}\//.test(specifier)
const target = ({ from, specifier }: Import): string => path.posix.join(path.posix.dirname(from), specifier)
const roomOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '')
const packageOf = (specifier: string): string => specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? specifier
const shown = ({ from, specifier }: Import): string => `${from} imports ${specifier}`

const sources = filesUnder('src')
const imports = sources.flatMap(importsOf)

test('every room of src is in the import table', () => {
  assert.ok(sources.length > 0)
  const unknown = sources.filter((file) => !Object.hasOwn(mayImport, roomOf(file)))
  assert.deepEqual(unknown, [])
})

test('rooms import only the rooms that the table allows', () => {
  const forbidden = imports
    .filter((entry) => isRelative(entry.specifier))
    .filter((entry) => {
      const [from, to] = [roomOf(entry.from), roomOf(target(entry))]
      return !target(entry).startsWith('src/') || (from !== to && mayImport[from]?.includes(to) !== true)
    })
  assert.deepEqual(forbidden.map(shown), [])
})

test('every relative import names a file with its .ts extension', () => {
  const broken = imports.filter((entry) => isRelative(entry.specifier) && !sources.includes(target(entry)))
  assert.deepEqual(broken.map(shown), [])
})

test('src imports only Node, its dependencies and its peers', () => {
  const allowed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
  const foreign = imports.filter(({ specifier }) => {
    if (isRelative(specifier) || (specifier.startsWith('node:') && isBuiltin(specifier))) return false
    return !allowed.includes(packageOf(specifier))
  })
  assert.deepEqual(foreign.map(shown), [])
})

test('every dependency is imported by src', () => {
  const used = new Set(imports.map(({ specifier }) => packageOf(specifier)))
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !used.has(name)),
    [],
  )
})

/** Every import that is followed when `file` is imported; with `lazy`, also what it may load later. */
function reachedFrom(file: string, { lazy }: { lazy: boolean }): Import[] {
  const followed = imports.filter(({ kind }) => kind === 'static' || (lazy && kind === 'dynamic'))
  const seen = new Set<string>()
  const reached: Import[] = []
  const queue = [file]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const entry of followed.filter(({ from }) => from === next)) {
      reached.push(entry)
      if (isRelative(entry.specifier)) queue.push(target(entry))
    }
  }
  return reached
}

test('LS-07 the main entry never loads the local Cognito', () => {
  const reached = reachedFrom('src/index.ts', { lazy: true })
  assert.ok(reached.length > 0, 'src/index.ts imports nothing')
  assert.deepEqual(reached.filter((entry) => target(entry).startsWith('src/local/')).map(shown), [])
})

test('importing the main entry loads no AWS client', () => {
  const reached = reachedFrom('src/index.ts', { lazy: false })
  assert.deepEqual(reached.filter(({ specifier }) => specifier.startsWith('@aws-sdk/client-')).map(shown), [])
})

test('the example imports the package by name, never by path', () => {
  const escapes = filesUnder('example-app')
    .flatMap(importsOf)
    .filter((entry) => isRelative(entry.specifier) && !target(entry).startsWith('example-app/'))
  assert.deepEqual(escapes.map(shown), [])
})

/** Why a statement at the top of a module holds state that changes, or nothing when it does not. */
function mutableState(statement: ts.Statement): string[] {
  if (ts.isClassDeclaration(statement)) {
    return statement.members.filter(ts.isPropertyDeclaration).flatMap((member) => {
      const flags = ts.getCombinedModifierFlags(member)
      if ((flags & ts.ModifierFlags.Static) === 0) return []
      if ((flags & ts.ModifierFlags.Readonly) === 0)
        return [`static ${member.name.getText()} is not readonly`]
      return holdsState(member)
    })
  }
  if (!ts.isVariableStatement(statement)) return []
  if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0)
    return [statement.getText().split('\n')[0] ?? '']
  return statement.declarationList.declarations.flatMap(holdsState)
}

/**
 * A collection is state unless its type is a `Readonly…`, or it is filled where it is made, private to its file and
 * never changed there.
 */
function holdsState(node: ts.VariableDeclaration | ts.PropertyDeclaration): string[] {
  let value = node.initializer
  while (value !== undefined && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)))
    value = value.expression
  if (value === undefined || /^Readonly/.test(node.type?.getText() ?? '')) return []
  const name = node.name.getText()
  if (ts.isNewExpression(value) && /(Map|Set|Cache|Promise|Array)$/.test(value.expression.getText())) {
    return value.arguments?.length === 1 && isPrivateConstant(node, name) ? [] : [node.getText()]
  }
  const empty =
    (ts.isArrayLiteralExpression(value) && value.elements.length === 0) ||
    (ts.isObjectLiteralExpression(value) && value.properties.length === 0)
  return empty ? [node.getText()] : []
}

function isPrivateConstant(node: ts.VariableDeclaration | ts.PropertyDeclaration, name: string): boolean {
  const { text } = node.getSourceFile()
  if (!ts.isVariableDeclaration(node) || /Cache/.test(node.initializer?.getText() ?? '')) return false
  const isExported = /^export\b/.test(node.parent.parent.getText())
  return !isExported && !new RegExp(`\\b${name}\\.(add|set|delete|clear)\\(`).test(text)
}

test('no module of src holds state that changes', () => {
  const found = sources.flatMap((file) =>
    parse(file).statements.flatMap((statement) => mutableState(statement).map((what) => `${file}: ${what}`)),
  )
  assert.deepEqual(found, [])
})
