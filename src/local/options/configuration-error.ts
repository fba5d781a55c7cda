/** A wrong option, or a place where the local Cognito must not run. Thrown before a port opens. */
export class ConfigurationError extends Error {
  readonly code = 'ERR_COGNITO_CONFIGURATION'

  /** The name of the option, where one is wrong. */
  readonly option: string | undefined

  constructor(message: string, option?: string) {
    super(message)
    this.option = option
    this.name = 'ConfigurationError'
  }
}
