import type { LocalRequest, LocalResponse } from '../server/http.ts'

/** The parameters of a form POST: those of the query and those of the body, since Cognito reads both. */
export function formParameters(request: LocalRequest): URLSearchParams {
  const merged = new URLSearchParams(request.url.search)
  const type = request.headers['content-type'] ?? ''
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded')) return merged
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) merged.append(name, value)
  return merged
}

/** The first parameter name that appears twice (RFC 6749 §3.1: "MUST NOT be included more than once"). */
export function repeatedParameter(parameters: URLSearchParams): string | undefined {
  return [...new Set(parameters.keys())].find((name) => parameters.getAll(name).length > 1)
}

/** `url` with `parameters` added to its query; undefined ones are left out. */
export function withParameters(url: string, parameters: Record<string, string | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value)
  return `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`
}

/** `url` with `parameters` in its fragment (RFC 6749 §4.2.2). */
export function withFragment(url: string, parameters: Record<string, string | undefined>): string {
  return `${url}#${withParameters('', parameters).slice(1)}`
}

export function redirect(location: string, cookies: string[] = []): LocalResponse {
  return {
    status: 302,
    headers: {
      location,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    },
  }
}

/** Answers of the machine endpoints: readable from any web page, as Cognito's are, and kept by no cache. */
export function json(status: number, body: object, headers: Record<string, string> = {}): LocalResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      ...headers,
    },
    body: JSON.stringify(body),
  }
}
