/** What an AWS JSON API answers instead of a result: `__type`, `message`, HTTP 400 (500 for InternalErrorException). */
export class ServiceError extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = 'ServiceError'
    this.type = type
    this.status = status
  }
}
