/** A request to the local Cognito, read whole: every handler is a function from this to a {@link LocalResponse}. */
export interface LocalRequest {
  method: string
  /** Path and query as sent, on the local base URL. */
  url: URL
  /** Path and query exactly as on the wire: SigV4 signs these bytes, not their normalised form. */
  rawUrl: string
  /** Lower-case names; a repeated header is joined with `, ` (cookies with `; `). */
  headers: Record<string, string>
  body: Buffer
}

/** `headers` values may be arrays (several `Set-Cookie`). */
export interface LocalResponse {
  status: number
  headers?: Record<string, string | string[]>
  body?: string | Buffer
}

export type LocalHandler = (request: LocalRequest) => LocalResponse | Promise<LocalResponse>
