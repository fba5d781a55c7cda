import type { IncomingHttpHeaders } from 'node:http'
import type { Outcome } from './outcome.ts'

/** What is read of a request before anything is done for it. */
interface Incoming {
  method?: string | undefined
  headers?: IncomingHttpHeaders | undefined
}

/**
 * The answer to a request that must neither start nor finish a sign-in, or `undefined`. A browser that fetches
 * ahead gets 204, and asks again when the person really goes there (Fetch, `Sec-Purpose`). Cognito sends the
 * browser back with GET alone: any other method on the callback is 405, so that a link checker's HEAD uses up
 * no code.
 */
export function unwanted(
  { method = 'GET', headers = {} }: Incoming,
  isCallback: boolean,
): Outcome | undefined {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-moz']]
  if (purposes.some((purpose) => /^prefetch\b/i.test(String(purpose)))) return answer(204)
  if (isCallback && method !== 'GET') return answer(405, { Allow: 'GET' })
  return undefined
}

function answer(status: number, headers: Record<string, string> = {}): Outcome {
  return { type: 'answer', status, headers: { 'Cache-Control': 'no-store', ...headers } }
}
