/** An access key of the person who develops: what the signed operations want. */
export interface AccessKey {
  accessKeyId: string
  secretAccessKey: string
}

/** A 0 is in no access key of AWS, so it is nobody's. */
export const defaultAccessKey: AccessKey = {
  accessKeyId: 'AKIA0LOCAL0DEVELOPER',
  secretAccessKey: 'local-cognito-secret-access-key-not-real',
}
