/** The parts of a SigV4 `Authorization` header. */
export interface SignatureClaim {
  accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  scopeDate: string
  region: string
  service: string
  /** Lower-case names, as listed. */
  signedHeaders: string[]
  /** 64 lower-case hexadecimal digits. */
  signature: string
}

const form =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/

/**
 * Reads a SigV4 `Authorization` header; undefined when it has any other form.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export function parseAuthorizationHeader(header: string): SignatureClaim | undefined {
  const [, accessKeyId, scopeDate, region, service, signedHeaders, signature] = form.exec(header) ?? []
  if (!accessKeyId || !scopeDate || !region || !service || !signedHeaders || !signature) return undefined
  return {
    accessKeyId,
    scopeDate,
    region,
    service,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
  }
}
