// The process under load: one Express app per contender, each on its own port.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { answerParent } from './child.ts'
import { contenders, createApp } from './contenders.ts'
import type { Issuer } from './issuer.ts'
import { createSessionApps, type SessionSetting } from './session-apps.ts'

/** Which apps to serve. Answered with their addresses. */
export type ServerOrder = { issuer: Issuer; names: string[] } | { sessions: SessionSetting }

/** The address of each app, by the name of the contender. */
export type Addresses = Record<string, string>

answerParent<ServerOrder>(async (order) => {
  const addresses: Addresses = {}
  for (const [name, app] of await createApps(order)) addresses[name] = await listen(app)
  return addresses
})

async function createApps(order: ServerOrder): Promise<[name: string, app: Express][]> {
  if ('sessions' in order) return Object.entries(createSessionApps(order.sessions))
  const apps: [string, Express][] = []
  for (const name of order.names) {
    const guard = contenders[name]
    if (guard) apps.push([name, await createApp(guard, order.issuer)])
  }
  return apps
}

async function listen(app: Express): Promise<string> {
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
