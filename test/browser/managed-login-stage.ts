import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import {
  startLocalCognito,
  type LocalCognito,
  type LocalCognitoOptions,
} from 'passport-cognito-identity/local'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** A person's browser, and what it complains about. */
export interface Opened {
  page: Page
  context: BrowserContext
  complaints: string[]
}

/** A local Cognito, an app that shows what comes back to it, and a browser. */
export interface ManagedLoginStage {
  local: LocalCognito
  /** `/login` or another page, with the parameters of an authorization request. */
  address: (path: string, changes?: Record<string, string>) => string
  /** A browser of its own. Whatever it complains about is in `complaints`. */
  open: (options?: BrowserContextOptions) => Promise<Opened>
  close(): Promise<void>
}

export async function setManagedLoginStage(
  options: Omit<LocalCognitoOptions, 'clients'> & {
    client?: NonNullable<LocalCognitoOptions['clients']>[number]
  },
): Promise<ManagedLoginStage> {
  assert.ok(existsSync(executablePath), `there is no Chromium at ${executablePath}`)
  const { client, ...others } = options
  const app = await startApp()
  const callbackURL = `http://localhost:${(app.address() as AddressInfo).port}/callback`
  const local = await startLocalCognito({ ...others, clients: [{ ...client, callbackURLs: [callbackURL] }] })
  const browser: Browser = await chromium.launch({ executablePath })
  return {
    local,
    address(path, changes = {}) {
      const { clientId } = local.userPool
      const parameters = { client_id: clientId, redirect_uri: callbackURL, response_type: 'code', ...changes }
      return `${local.url}${path}?${new URLSearchParams(parameters).toString()}`
    },
    async open(contextOptions) {
      const context = await browser.newContext(contextOptions)
      context.setDefaultTimeout(15_000)
      const complaints: string[] = []
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      return { page, context, complaints }
    },
    async close() {
      await browser.close()
      await local.close()
      app.closeAllConnections()
      app.close()
    },
  }
}

/** Says in its heading what it was called with. */
async function startApp(): Promise<Server> {
  const app = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const names = [...searchParams.keys()].sort().join(' ')
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><title>App</title><h1>${names.replace(/[^\w ]/g, '')}</h1>`,
    )
  }).listen(0, 'localhost')
  await once(app, 'listening')
  return app
}
