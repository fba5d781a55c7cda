/** Every regular expression of src, with input that makes careless ones slow. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../src/', import.meta.url))
const LENGTH = 100_000
const LIMIT_MS = 10

interface Expression {
  file: string
  source: string
  flags: string
}

function expressionsOf(file: string): Expression[] {
  const source = ts.createSourceFile(file, readFileSync(root + file, 'utf8'), ts.ScriptTarget.ESNext, true)
  const found: Expression[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      found.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
const everywhere = files.flatMap(expressionsOf)
const expressions = [...new Map(everywhere.map((one) => [`/${one.source}/${one.flags}`, one])).values()]

/** Words whose repetition an expression may try in more than one way: general ones, and those made of its own letters. */
function pumps(source: string): string[] {
  const own = source.match(/[\w.:/@=%&;,"'<>{} -]/g) ?? []
  const general = [' ', '\t', '\n', 'a', 'A', '0', '.', '/', '\\', '-', '_', '=', ',', ';', '"', '%', ':', '@', '<', '(', '[', '{', 'é', '\u0000', ' \t', './', 'a.', 'a-', 'a=', '%20', '%%', 'a ', '0a', 'text/html,'] // prettier-ignore
  return [...new Set([...general, ...own])]
}

/** The best of some tries: what a busy machine adds is not the expression's. */
function millisecondsOf(expression: RegExp, input: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5 && best > LIMIT_MS; round += 1) {
    const started = performance.now()
    input.search(expression)
    best = Math.min(best, performance.now() - started)
  }
  return best
}

test('RX-04 the expressions of src are found', () => {
  assert.ok(expressions.length > 100, `${expressions.length} found`)
})

test('RX-04 no expression takes more than ten milliseconds for 100 kB of its worst letters', () => {
  const slow = expressions.flatMap(({ file, source, flags }) =>
    pumps(source).flatMap((pump) => {
      const repeated = pump.repeat(LENGTH / pump.length)
      return ['', '\u0001'].flatMap((end) => {
        const took = millisecondsOf(new RegExp(source, flags.replace('y', '')), repeated + end)
        const what = `${file}: /${source}/${flags} with ${JSON.stringify(pump)} takes ${took.toFixed()} ms`
        return took > LIMIT_MS ? [what] : []
      })
    }),
  )
  assert.deepEqual(slow, [])
})

test('RX-04 no expression repeats a group that repeats itself without an end', () => {
  const nested = /\((?:\?[:=!])?[^()]*[^\\()[\]][*+][^()]*\)[*+]/
  assert.match('(a+)+', nested)
  assert.deepEqual(
    expressions.filter(({ source }) => nested.test(source)).map(({ file, source }) => `${file}: ${source}`),
    [],
  )
})
