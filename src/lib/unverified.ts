/**
 * What a JWT says of itself, `{}` if it is none. Not verified: good for comparisons, for choosing who verifies, and
 * for forgetting; never for letting anybody in.
 */
export function unverifiedPayload(jwt: string): Record<string, unknown> {
  try {
    const payload: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
    return typeof payload === 'object' && payload !== null ? { ...payload } : {}
  } catch {
    return {}
  }
}
