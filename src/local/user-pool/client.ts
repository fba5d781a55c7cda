/** An app client of the local pool, with every default filled in. */
export interface Client {
  clientId: string
  /** Absent in a public client. */
  clientSecret: string | undefined
  callbackURLs: readonly string[]
  logoutURLs: readonly string[]
  explicitAuthFlows: readonly string[]
  scopes: readonly string[]
  /** Present = rotation is on. */
  refreshTokenRotation: { retryGracePeriodSeconds: number } | undefined
  accessTokenValiditySeconds: number
  idTokenValiditySeconds: number
  refreshTokenValiditySeconds: number
}
