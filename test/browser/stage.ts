import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { users } from '../../example-app/local-surroundings.ts'
import { type Example, startExample } from '../../example-app/start.ts'
import type { Environment } from '../../example-app/variables.ts'
import { Visitor } from './visitor.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const installed = existsSync(executablePath)

/** For `describe`: without Chromium the suite is skipped, and says so; in CI it runs and fails. */
export const needsChromium = {
  skip: installed || process.env['CI'] === 'true' ? false : `there is no Chromium at ${executablePath}`,
}

/** The example app on free ports, and a browser. */
export interface Stage {
  example: Example
  /** A new person at a browser of their own, with or without scripts. */
  visitor(options?: { javaScriptEnabled?: boolean }): Promise<Visitor>
  close(): Promise<void>
}

export async function setStage(env: Environment = {}): Promise<Stage> {
  assert.ok(installed, `there is no Chromium at ${executablePath}`)
  const example = await startExample({ PORT: '0', COGNITO_LOCAL_PORT: '0', ...env })
  const browser: Browser = await chromium.launch({ executablePath }).catch(async (error: unknown) => {
    await example.close()
    throw error
  })
  return {
    example,
    visitor: async (options = {}) => {
      const context = await browser.newContext(options)
      context.setDefaultTimeout(15_000)
      return new Visitor(example, context)
    },
    close: async () => {
      await browser.close()
      await example.close()
    },
  }
}

/** One of the users that the example prints at its start. */
export function user(username: string): { username: string; password: string } {
  const found = users.find((one) => one.username === username)
  assert.ok(found, `the example has no user ${username}`)
  return found
}
