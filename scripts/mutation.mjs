// Mutation testing: changes the source in hundreds of small ways, one at a time, and says which changes no test
// notices. docs/testing.md says how to read the result.
//
//   node scripts/mutation.mjs [name of a room ...]
//
// Each room runs by itself, against the test files that are about it. They are bundled once for all mutants, which
// halves the time that a test process takes to start.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stryker } from '@stryker-mutator/core'

/** The share of mutants, in percent, that must be noticed. */
const WANTED = 85

/** @type {Record<string, { folder: string, files: string[], tests: string[] }>} */
const rooms = {
  strategy: {
    folder: 'src/strategy',
    files: ['strategy', 'start', 'finish', 'outcome', 'transaction'],
    tests: [
      'strategy/transaction',
      'strategy/sign-in',
      'strategy/callback',
      'strategy/requests',
      'strategy/double-callback',
      'strategy/finish',
      'strategy/outcomes',
      'strategy/token-endpoint',
    ],
  },
  guards: {
    folder: 'src/middleware',
    files: ['require'],
    tests: [
      'middleware/guard-options',
      'middleware/group-conditions',
      'middleware/require',
      'middleware/rights',
    ],
  },
  verify: {
    folder: 'src/user-pool',
    files: ['verify', 'decode', 'claims', 'verified-tokens'],
    tests: [
      'user-pool/decode',
      'user-pool/claims',
      'user-pool/verify',
      'user-pool/at-once',
      'user-pool/verified-tokens',
      'user-pool/issuers',
      'user-pool/clock.property',
      'user-pool/mutations.property',
      'user-pool/aws-jwt-verify.property',
      'user-pool/sign-ins',
      'middleware/rights',
    ],
  },
  bearer: {
    folder: 'src/middleware',
    files: ['bearer', 'authorization'],
    tests: [
      'middleware/authorization',
      'middleware/bearer-caller',
      'middleware/bearer-authorization.property',
      'middleware/bearer-authorization',
      'middleware/bearer-express',
      'middleware/bearer-beside-session',
      'middleware/bearer-known-token',
      'middleware/rights',
      'middleware/tenants',
      'middleware/two-users-one-session',
      'middleware/credentials',
    ],
  },
  session: {
    folder: 'src/middleware',
    files: ['session', 'signed-in'],
    tests: [
      'middleware/signed-in',
      'middleware/session-options',
      'middleware/session-caller',
      'middleware/session',
      'middleware/sign-in-limits',
      'middleware/rights',
      'middleware/two-users-one-session',
      'middleware/logout',
      'middleware/logout-races',
      'flows/sessions',
      'flows/late-write',
    ],
  },
  credentials: {
    folder: 'src/identity',
    files: [
      'cache-key',
      'claimant',
      'credentials',
      'credentials-cache',
      'credentials-entry',
      'credentials-source',
      'custom-role',
      'enhanced-flow',
      'guest',
      'identity-ids',
      'owner',
      'shared-credentials',
      'shared-identity-ids',
    ],
    tests: [
      'identity/owner',
      'identity/cache-key',
      'identity/credentials',
      'identity/credentials-events',
      'identity/custom-role',
      'identity/renewal',
      'identity/renewal.property',
      'identity/careless-callers',
      'identity/identity-pool',
      'identity/guests',
      'identity/classic-flow',
      'identity/external-providers',
      'identity/service-faults',
      'identity/developer-identities',
      'middleware/credentials',
      'identity/shared-credentials',
      'identity/isolation',
    ],
  },
  'shared-sign-ins': {
    folder: 'src/user-pool',
    files: [
      'redeem',
      'renewal',
      'shared/shared-refresh',
      'shared/shared-sign-ins',
      'shared/sign-in-copies',
      'shared/sign-in-records',
      'shared/unsaved-records',
    ],
    tests: [
      'user-pool/shared/shared-sign-ins',
      'user-pool/sign-ins',
      'user-pool/refresh',
      'flows/shared-sign-in',
    ],
  },
  'identity-service': {
    folder: 'src/identity',
    files: [
      'aws-clients',
      'classic-flow',
      'developer-identities',
      'developer-identity',
      'developer-sign-in',
      'identity-pool',
      'logins',
      'options',
      'provider',
      'refusals',
      'service',
    ],
    tests: [
      'identity/options',
      'identity/service-faults',
      'identity/classic-flow',
      'identity/developer-identities',
      'identity/external-providers',
      'identity/identity-pool',
      'middleware/aws-client',
    ],
  },
}

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
// What is tested with a store in memory and with Redis is the same code: the one in memory answers sooner.
process.env.REDIS = 'off'
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in rooms))
if (unknown.length > 0) {
  console.error(`no room ${unknown.join(', ')}; there are ${Object.keys(rooms).join(', ')}`)
  process.exit(1)
}

const started = Date.now()
const results = []
for (const name of wanted.length > 0 ? wanted : Object.keys(rooms)) results.push(...(await run(name)))
report(results)

/** @param {string} name */
async function run(name) {
  const { folder, files, tests } = rooms[name]
  const sources = [...tests.map((test) => `test/${test}.test.ts`), 'test/support/loopback-only.ts']
  const bundle =
    'esbuild --bundle --splitting --packages=external --platform=node --format=esm --target=node20 --outbase=. --outdir=bundled'
  return new Stryker({
    mutate: files.map((file) => `${folder}/${file}.ts`),
    ignorePatterns: ['dist', 'docs', 'example-app', 'bench', 'reports', 'bundled'],
    plugins: ['@stryker-mutator/tap-runner', path.join(root, 'scripts/error-messages.mjs')],
    ignorers: ['error-messages'],
    buildCommand: `${bundle} ${sources.join(' ')}`,
    testRunner: 'tap',
    tap: {
      testFiles: tests.map((test) => `bundled/test/${test}.test.js`),
      nodeArgs: [
        '--test-reporter=tap',
        '-r',
        '{{hookFile}}',
        '--import',
        './bundled/test/support/loopback-only.js',
        '{{testFile}}',
      ],
    },
    coverageAnalysis: 'perTest',
    // Generous: on a loaded machine a slow test must not pass for a mutant that hangs.
    timeoutMS: 15_000,
    timeoutFactor: 3,
    // More than there are cores: tests of what takes time wait for most of it.
    concurrency: 5,
    // Their types are not checked: a mutant that tsc refuses must still be noticed by a test.
    disableTypeChecks: true,
    tempDirName: '.stryker-tmp',
    reporters: ['html', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
    thresholds: { break: null },
    allowConsoleColors: false,
    logLevel: 'error',
  }).runMutationTest()
}

/** @param {import('@stryker-mutator/api/core').MutantResult[]} results */
function report(results) {
  for (const mutant of results.filter(isUndetected)) console.log(`${change(mutant)}\n`)
  const files = [...new Set(results.map(fileOf))].sort()
  const rows = files.map((file) => [file, row(results.filter((mutant) => fileOf(mutant) === file))])
  const all = row(results)
  console.table(Object.fromEntries([...rows, ['all', all]]))
  console.log(`${Math.round((Date.now() - started) / 1000)} seconds`)
  if (all.score >= WANTED) return
  console.error(`The score ${all.score} is below ${WANTED}.`)
  process.exitCode = 1
}

/** Stryker's mutation score: what was noticed, of all that could be judged. */
function row(results) {
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length
  const detected = count('Killed', 'Timeout')
  const undetected = count('Survived', 'NoCoverage')
  return {
    score: Math.round((1000 * detected) / (detected + undetected)) / 10,
    mutants: detected + undetected,
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    'no coverage': count('NoCoverage'),
    failed: count('RuntimeError', 'CompileError'),
    ignored: count('Ignored'),
  }
}

function isUndetected({ status }) {
  return status === 'Survived' || status === 'NoCoverage'
}

function fileOf({ fileName }) {
  return path.relative(root, fileName)
}

/** A mutant in the manner of a diff. */
function change({ fileName, location: { start, end }, mutatorName, replacement, status }) {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  const place = `${path.relative(root, fileName)}:${start.line}:${start.column}`
  return `${place} ${mutatorName} (${status})\n- ${lines.join('\n- ')}\n+ ${replacement.replaceAll('\n', '\n+ ')}`
}
