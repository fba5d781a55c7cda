import { invalidParameter } from '../sign-in/refusal.ts'

/** One page of a list, and the token of the next one when there is any. A `limit` of 0 or none is the longest page. */
export function page<T>(
  entries: readonly T[],
  limit = 0,
  token?: string,
): { entries: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : startOf(token)
  const end = start + (limit === 0 ? 60 : limit)
  return { entries: entries.slice(start, end), next: end < entries.length ? tokenOf(end) : undefined }
}

function tokenOf(start: number): string {
  return Buffer.from(`page:${start}`).toString('base64url')
}

function startOf(token: string): number {
  const [, start] = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? []
  if (start === undefined || tokenOf(Number(start)) !== token) {
    throw invalidParameter('Invalid pagination token.')
  }
  return Number(start)
}
