import { deadline } from './within.ts'

/** The part of the standard `fetch` that this package uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

const MAX_BYTES = 1024 * 1024

/**
 * `fetch` with a limit on the whole exchange: from the first packet to the last byte of the body at most
 * `timeoutMs` milliseconds, and at most 1 MB of body. The response that comes back is already complete in
 * memory. Rejects with what `fetch` rejects with, a `TimeoutError`, or a `RangeError` for a body that is too
 * large.
 */
export function limitedFetch(fetch: Fetch, timeoutMs: number): Fetch {
  return async (url, init) => {
    const limit = new AbortController()
    const done = deadline(timeoutMs, () =>
      limit.abort(new DOMException('The time limit has passed', 'TimeoutError')),
    )
    try {
      const signal = init.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal
      const exchange = fetch(url, { ...init, signal }).then(readWhole)
      // A `fetch` given by the app may ignore the signal; the wait ends all the same.
      return await Promise.race([exchange, rejectOnAbort(signal)])
    } finally {
      done()
      limit.abort()
    }
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

async function readWhole(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new RangeError('The response is larger than 1 MB')
    chunks.push(chunk)
  }
  const empty = [101, 204, 205, 304].includes(response.status)
  const { status, statusText, headers } = response
  return new Response(empty ? null : Buffer.concat(chunks), { status, statusText, headers })
}
