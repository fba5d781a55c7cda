import { invalidParameter } from './refusals.ts'

/** One page of a list, and the token of the next one when there is any. */
export function page<T>(
  entries: readonly T[],
  maxResults: number,
  nextToken: string | undefined,
): { entries: T[]; NextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : startOf(nextToken)
  const end = start + maxResults
  return { entries: entries.slice(start, end), NextToken: end < entries.length ? tokenOf(end) : undefined }
}

function tokenOf(start: number): string {
  return Buffer.from(`page:${start}`).toString('base64url')
}

function startOf(token: string): number {
  const [, start] = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? []
  if (start === undefined || tokenOf(Number(start)) !== token) throw invalidParameter('Invalid NextToken.')
  return Number(start)
}
