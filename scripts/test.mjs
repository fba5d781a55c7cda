// Runs test/**/*.test.ts under the Node binary that runs this file, so that `npm exec --package=node@22 -- node
// scripts/test.mjs` tests Node 22. Node 20 takes no glob after --test, so the files are collected here.
//
//   node scripts/test.mjs [--coverage] [--reporter=NAME] [--without=part of a path ...] [part of a path ...]
//
// EXPRESS=4 makes the suites that import test/support/express.ts run on Express 4.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const flags = args.filter((arg) => arg.startsWith('--'))
const wanted = args.filter((arg) => !arg.startsWith('--')).map((part) => part.replace(/^\.\//, ''))
const reporter = flags.find((flag) => flag.startsWith('--reporter='))?.slice('--reporter='.length) ?? 'spec'
const without = flags
  .filter((flag) => flag.startsWith('--without='))
  .map((flag) => flag.slice('--without='.length))
const unknown = flags.filter((flag) => !/^--(coverage$|reporter=|without=)/.test(flag))
if (unknown.length > 0) fail(`unknown option: ${unknown.join(' ')}`)

const files = readdirSync(`${root}test`, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/').slice(root.length))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .filter((file) => !without.some((part) => file.includes(part)))
  .sort()
if (files.length === 0) fail(`no test file matches: ${wanted.join(' ') || 'test/**/*.test.ts'}`)
// A misspelt filter beside a good one would otherwise silently test less than was asked for.
for (const part of wanted) {
  if (!files.some((file) => file.includes(part))) fail(`no test file matches: ${part}`)
}

const nodeArgs = [
  '--import',
  'tsx',
  '--import',
  './test/support/loopback-only.ts',
  '--test',
  '--test-concurrency=3',
]
nodeArgs.push(`--test-reporter=${reporter}`, '--test-reporter-destination=stdout')
if (flags.includes('--coverage')) nodeArgs.push('--experimental-test-coverage')

console.log(`node ${process.version}, express ${process.env.EXPRESS ?? '5'}, ${files.length} test files`)
const child = spawn(process.execPath, [...nodeArgs, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    // What the SDK says about Node 20 is known and would drown the results.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // No test may find credentials on the machine that it runs on.
    AWS_EC2_METADATA_DISABLED: 'true',
  },
})
child.on('error', (error) => fail(error.message))
child.on('exit', (code, signal) => {
  if (signal !== null) console.error(`the test runner was ended by ${signal}`)
  process.exitCode = code ?? 1
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`scripts/test.mjs: ${message}`)
  process.exit(1)
}
