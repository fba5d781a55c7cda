import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

/**
 * Runs a command to its end and returns what it wrote to standard output. Fails with all that it wrote when it does
 * not exit with 0. The settings that an outer npm leaves in the environment do not reach it.
 */
export function run(command: string, args: readonly string[], cwd: string): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_TEST_CONTEXT$|NODE_OPTIONS$)/i.test(name)),
  )
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 120_000 })
  const said = `${command} ${args.join(' ')}\n${result.error?.message ?? ''}\n${result.stdout}\n${result.stderr}`
  assert.equal(result.status, 0, said)
  return result.stdout
}
