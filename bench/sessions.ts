import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MemoryStore } from 'express-session'
import { type LocalCognito, startLocalCognito } from 'passport-cognito-identity/local'
import { dispatch } from './dispatch.ts'
import { microsecondsPerRequest } from './in-process.ts'
import { describeIssuer } from './issuer.ts'
import { sendTo, startServerAndLoad, summariseRates } from './over-http.ts'
import type { Result, Section } from './report.ts'
import { compareRounds, type Length, type Measured, measureRounds, spread } from './rounds.ts'
import {
  anonymousStatus,
  APP_URL,
  createLayers,
  PASSPORT_ALONE,
  readmeApp,
  type SessionSetting,
} from './session-apps.ts'
import { signIn } from './sign-in.ts'
import { assertAnonymous, assertSubject } from './trial.ts'

const ana = { username: 'ana', password: 'Passw0rd!', email: 'ana@example.com', groups: ['editors'] }

/** On a Cognito of its own, under its own name: these apps find everything by its address. */
export async function* compareSessions(inProcess: Length, overHttp: Length): AsyncGenerator<Section> {
  const callback = { callbackURLs: [`${APP_URL}/callback`], logoutURLs: [`${APP_URL}/`] }
  const clients = [callback, { ...callback, clientSecret: 'benchmarkbenchmarkbenchmark' }]
  const local = await startLocalCognito({ users: [ana], clients })
  try {
    const setting = await describeSetting(local)
    yield { title: 'In process: signed in', results: await compareLayers(setting, inProcess) }
    yield { title: 'Over HTTP: signed in', results: await compareApps(setting, overHttp) }
  } finally {
    await local.close()
  }
}

async function describeSetting(local: LocalCognito): Promise<SessionSetting> {
  const { sub, userPool } = await describeIssuer(local)
  return { sub, userPool, identityPool: local.identityPool, peer: local.clients[1] ?? userPool }
}

/** What `session()` adds to `passport.session()`. */
async function compareLayers(setting: SessionSetting, { rounds, seconds }: Length): Promise<Result[]> {
  const store = new MemoryStore()
  const cookie = await signInAtReadmeApp(setting, store)
  const layers = Object.entries(createLayers(setting, store))
  for (const [name, app] of layers) {
    await assertSubject(name, setting.sub, { cookie }, (headers) => dispatch(app, headers))
  }
  const cookies = { name: 'cookie', values: [cookie], once: false } as const
  const measured = layers.map(([name, app]) => ({
    name,
    measure: () => microsecondsPerRequest(app, cookies, seconds),
  }))
  const figures = await measureRounds(measured, rounds)
  return [...figures].map(([name, own]) => ({
    name,
    microsecondsOverPassportSession: compareRounds(
      figures,
      name,
      PASSPORT_ALONE,
      (time, base) => time - base,
    ),
    microsecondsInAll: spread(own).median,
  }))
}

async function signInAtReadmeApp(setting: SessionSetting, store: MemoryStore): Promise<string> {
  const server = createServer(readmeApp(setting, store)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await signIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ana)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** The whole wiring of the README beside express-openid-connect, both signed in. */
async function compareApps(setting: SessionSetting, { rounds, seconds }: Length): Promise<Result[]> {
  const { addresses, load, stop } = await startServerAndLoad({ sessions: setting })
  try {
    const measured: Measured[] = []
    for (const [name, url] of Object.entries(addresses)) {
      const cookie = await signInAndTry(name, url, setting)
      measured.push({ name, measure: () => load.ask({ url, seconds, cookie }) })
    }
    return summariseRates(await measureRounds(measured, rounds))
  } finally {
    await stop()
  }
}

/** Gives the cookies of an app that answers with the right person, and to nobody else. */
async function signInAndTry(name: string, url: string, { sub }: SessionSetting): Promise<string> {
  const status = anonymousStatus[name] ?? 200
  await assertAnonymous(name, status, sendTo(url))
  // Nobody signs in to the bare route: what a cookie costs is not its cost.
  const cookie = status === 200 ? '' : await signIn(url, ana)
  await assertSubject(name, sub, { cookie }, sendTo(url))
  return cookie
}
