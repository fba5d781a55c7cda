/** An error with its answer: the status, and words that any visitor may read. */
export function httpError(
  status: number,
  message: string,
  { headers = {}, cause }: { headers?: Record<string, string>; cause?: unknown } = {},
): Error {
  return Object.assign(new Error(message, { cause }), { status, headers, expose: true })
}
