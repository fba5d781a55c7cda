/** What STS answers instead of a result: an XML body with this code. */
export class StsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'StsError'
    this.code = code
    this.status = status
  }
}
