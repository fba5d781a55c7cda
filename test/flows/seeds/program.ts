import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import type { LocalCognito } from '../../../src/local/index.ts'

/** What a program that ended said. */
interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

interface Run {
  env?: Record<string, string>
  cwd?: string
  /** What a person would type. */
  input?: string
}

/**
 * Runs a program beside this process, which must stay free to answer it. It has a session of its own, so that what asks for a
 * password reads its input and not the terminal of whoever runs the tests.
 */
export function runProgram(command: string, args: readonly string[], { env, cwd, input }: Run = {}) {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...quietEnvironment(), ...env }, detached: true })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    child.on('error', reject).on('close', (status) => resolve({ status, ...output }))
    child.stdin.on('error', () => undefined).end(input)
  })
}

/** A shell script as somebody typed it; gives what it printed, without the line break at the end. */
export async function bash(script: string, env: Record<string, string> = {}): Promise<string> {
  const { status, stdout, stderr } = await runProgram('bash', ['-c', script], { env })
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout.trimEnd()
}

/** Points a text at the local server: the hosts of Amazon's APIs become its address, nothing else changes. */
export function towards(local: LocalCognito, text: string): string {
  return text.replace(/https:\/\/cognito-(idp|identity)\.ap-northeast-1\.amazonaws\.com/g, local.url)
}

/** Nothing of this machine's own AWS settings; and whatever would leave the machine finds a closed door. */
function quietEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|https?_proxy$|no_proxy$)/i.test(name))
  return {
    ...Object.fromEntries(own),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Nobody listens on the port that the proxy would have.
    https_proxy: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
  }
}

/** The reason to skip, or false: in CI everything must be there. */
export function without(what: string, isThere: boolean): string | false {
  return isThere || process.env['CI'] === 'true' ? false : `there is no ${what} on this machine`
}

/** Whether a program is there, and ends with 0. */
export function has(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0
}

/** The Python that has boto3: another one may come first on the PATH. */
export function pythonWithBoto3(): string | undefined {
  return ['python3', '/usr/bin/python3'].find((python) => has(python, '-c', 'import boto3, requests'))
}
