/** A wrong option, or a place where the local Cognito must not run. Thrown before a port opens. */
export class ConfigurationError extends Error {
  readonly code = 'ERR_COGNITO_CONFIGURATION'

  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationError'
  }
}
