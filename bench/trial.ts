import { BARE_ROUTE } from './contenders.ts'
import type { Answer } from './dispatch.ts'
import type { Issuer } from './issuer.ts'

/** Sends a request with these headers. */
export type Send = (headers: Record<string, string>) => Promise<Answer>

// A contender that is fast because it checks nothing would win, so each is tried before anything counts.

/** Rejects unless no token is answered 401 and a good one 200. */
export async function assertGuard(name: string, { sub }: Issuer, token: string, send: Send): Promise<void> {
  await assertAnonymous(name, name === BARE_ROUTE ? 200 : 401, send)
  await assertSubject(name, sub, { authorization: `Bearer ${token}` }, send)
}

/** Rejects when a request without a credential is answered otherwise. */
export async function assertAnonymous(name: string, status: number, send: Send): Promise<void> {
  const answer = await send({})
  if (answer.status === status) return
  throw new Error(`${name}: a request without a credential was answered ${answer.status}, not ${status}.`)
}

/** Rejects when a request with a good credential is not answered with its subject. */
export async function assertSubject(
  name: string,
  sub: string,
  credential: Record<string, string>,
  send: Send,
): Promise<void> {
  const { status, body } = await send(credential)
  if (status === 200 && body === JSON.stringify({ sub })) return
  throw new Error(
    `${name}: a request with a good credential was answered ${status}, or with another subject.`,
  )
}
