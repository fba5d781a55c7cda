/**
 * Every ```ts block of README.md and docs/*.md is compiled against the built package, by name, with the compiler's
 * strict rules. A block is a module of its own; it may use the names that readme-prelude.ts declares and what earlier
 * blocks of the same page do is not seen. A block marked ```ts run says of itself that it is complete: it is compiled
 * without the prelude, run with Node on loopback only, and must exit with 0.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { prelude } from './readme-prelude.ts'

interface Block {
  page: string
  line: number
  code: string
  runs: boolean
  /** Where the compiler believes the block to be: beside package.json, so that the package's own name resolves. */
  file: string
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replaceAll('\\', '/')
const docs = existsSync(`${root}docs`) ? readdirSync(`${root}docs`).map((name) => `docs/${name}`) : []
const pages = ['README.md', ...docs].filter((page) => page.endsWith('.md') && existsSync(root + page))

function blocksOf(page: string): Block[] {
  const text = readFileSync(root + page, 'utf8')
  return [...text.matchAll(/^```(?:ts|typescript)\b([^\n]*)\n(.*?)^```\s*$/gms)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length
    const file = `${root}${page.replaceAll('/', '-')}-${line}.ts`
    return { page, line, file, code: match[2] ?? '', runs: /\brun\b/.test(match[1] ?? '') }
  })
}

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  skipLibCheck: true,
  noEmit: true,
}

/** What the compiler says about one set of blocks. The blocks need not be on the disk. */
function errorsIn(blocks: readonly Block[], declarations: string): string[] {
  const preludeFile = `${root}readme-prelude-declarations.ts`
  const files = new Map(blocks.map((block) => [block.file, `${block.code}\nexport {}\n`]))
  files.set(preludeFile, `${declarations}\nexport {}\n`)
  const disk = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => files.has(file) || disk.fileExists(file),
    readFile: (file) => files.get(file) ?? disk.readFile(file),
    getSourceFile: (file, languageVersion, ...rest) => {
      const text = files.get(file)
      if (text === undefined) return disk.getSourceFile(file, languageVersion, ...rest)
      return ts.createSourceFile(file, text, languageVersion)
    },
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    const block = blocks.find(({ file }) => file === diagnostic.file?.fileName)
    if (block === undefined) return `${diagnostic.file?.fileName ?? 'options'}: ${message}`
    const { line } = ts.getLineAndCharacterOfPosition(diagnostic.file as ts.SourceFile, diagnostic.start ?? 0)
    return `${block.page}:${block.line + 1 + line}: ${message}`
  })
}

const blocks = pages.flatMap(blocksOf)

test('the README shows code', () => {
  assert.ok(blocks.some(({ page }) => page === 'README.md'))
})

test('every code block of the documentation compiles against the built package', () => {
  const excerpts = blocks.filter(({ runs }) => !runs)
  assert.deepEqual(errorsIn(excerpts, prelude), [])
})

test('every runnable code block compiles as it stands', () => {
  const programs = blocks.filter(({ runs }) => runs)
  assert.deepEqual(errorsIn(programs, ''), [])
})

for (const block of blocks.filter(({ runs }) => runs)) {
  test(`the program in ${block.page} at line ${block.line} runs to its end`, () => {
    // There is no file whose package.json could say that this is an ES module.
    const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
    const program = ts.transpileModule(block.code, { compilerOptions }).outputText
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const guard = path.join(root, 'test/support/loopback-only.ts')
    const args = ['--import', 'tsx', '--import', guard, '--input-type=module', '-e', program]
    const result = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', timeout: 30_000 })
    assert.equal(result.status, 0, `${result.error?.message ?? ''}\n${result.stdout}\n${result.stderr}`)
  })
}

test('a block that does not compile is reported with its page and line', () => {
  const wrong = "import { UserPool } from 'passport-cognito-identity'\n\nnew UserPool({ userPoolID: 1 })\n"
  const block = { page: 'README.md', line: 10, file: `${root}wrong.ts`, code: wrong, runs: false }
  const errors = errorsIn([block], prelude)
  assert.equal(errors.length, 1)
  assert.match(errors[0] ?? '', /^README\.md:13: .*userPoolID/s)
})
