import { setTimeout as after } from 'node:timers/promises'
import type { Express } from 'express'
import type { LocalCognito } from 'passport-cognito-identity/local'
import type { Guard } from './contenders.ts'
import { dispatch } from './dispatch.ts'
import { createTriedApps } from './in-process.ts'
import type { Issuer } from './issuer.ts'
import { refusedTokens } from './refused-tokens.ts'
import type { Result, Section } from './report.ts'
import { spread } from './rounds.ts'
import { mintToken } from './tokens.ts'

/** No answer in this time is none. */
const PATIENCE_MS = 20_000

/**
 * How contenders take series of requests that must be refused, in this process. The bare route refuses nothing: it shows
 * what the size of a header costs.
 */
export async function* compareRefusals(
  guards: Readonly<Record<string, Guard>>,
  local: LocalCognito,
  issuer: Issuer,
): AsyncGenerator<Section> {
  const token = await mintToken(local, issuer)
  const apps = await createTriedApps(guards, issuer, token)
  for (const [refusal, values] of Object.entries(await refusedTokens(local, issuer))) {
    const results: Result[] = []
    for (const [name, app] of apps) results.push({ name, ...(await present(app, values, token, local)) })
    yield { title: `Refused: ${refusal}`, results }
  }
}

async function present(app: Express, values: readonly string[], token: string, { requests }: LocalCognito) {
  const fetches = requests.count('jwks')
  const { answers, failure } = await send(app, values)
  const jwksFetches = requests.count('jwks') - fetches
  return {
    answers: [...countStatuses(answers), failure ?? []].flat().join(', '),
    microseconds: spread(answers.map(({ microseconds }) => microseconds)).median,
    jwksFetches,
    aGoodTokenThen: failure === undefined ? await statusOf(app, token) : 'not tried',
  }
}

async function statusOf(app: Express, token: string): Promise<string> {
  const { answers, failure } = await send(app, [`Bearer ${token}`])
  return failure ?? String(answers[0]?.status)
}

/** For example `4 × 401, 996 × 500`. */
function countStatuses(answers: readonly TimedAnswer[]): string[] {
  const counts = new Map<number, number>()
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} × ${status}`)
}

interface TimedAnswer {
  status: number
  microseconds: number
}

/** One request after another, until one of them would end the process or is not answered. */
async function send(
  app: Express,
  values: readonly string[],
): Promise<{ answers: TimedAnswer[]; failure: string | undefined }> {
  const answers: TimedAnswer[] = []
  const patience = new AbortController()
  const all = async () => {
    for (const authorization of values) {
      if (patience.signal.aborted) return undefined
      const start = performance.now()
      const { status } = await dispatch(app, { authorization })
      answers.push({ status, microseconds: (performance.now() - start) * 1000 })
    }
    await after(0) // what is thrown late
    return undefined
  }
  const crash = watchForCrash()
  const silence = after(PATIENCE_MS, 'no answer', { signal: patience.signal }).catch(() => undefined)
  const failure = await Promise.race([all(), crash.seen, silence])
  patience.abort()
  crash.forget()
  return { answers, failure }
}

/** What ends a process that does not listen for it, as no server should. */
function watchForCrash(): { seen: Promise<string>; forget: () => void } {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  let listener: (error: unknown) => void = () => undefined
  const seen = new Promise<string>((resolve) => {
    listener = (error) => resolve(`crash: ${error instanceof Error ? error.name : typeof error}`)
    for (const event of events) process.on(event, listener)
  })
  return {
    seen,
    forget: () => {
      for (const event of events) process.off(event, listener)
    },
  }
}
