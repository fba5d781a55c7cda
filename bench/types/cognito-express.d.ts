declare module 'cognito-express' {
  interface Configuration {
    region: string
    cognitoUserPoolId: string
    tokenUse: 'access' | 'id'
    tokenExpiration?: number
  }

  export default class CognitoExpress {
    constructor(config: Configuration)
    validate(token: string, callback: (error: unknown, claims: { sub: string } | null) => void): Promise<void>
  }
}
