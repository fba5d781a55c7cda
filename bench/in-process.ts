import { createPublicKey, verify } from 'node:crypto'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import { UserPool } from 'passport-cognito-identity'
import { compare, type Contender, type Result } from './rounds.ts'
import type { Subject } from './subject.ts'

/** Calls between two looks at the clock. */
const BATCH = 50

/**
 * Microseconds for one verification in this process, one after another and without HTTP, as multiples of the one thing that
 * nobody can leave out: checking the RSA signature. Every call gets the same token.
 */
export async function compareInProcess(
  subject: Subject,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Result[]> {
  const jwks = (await (await fetch(subject.jwksUri)).json()) as Jwks
  const calls = { 'crypto.verify': rawVerify(subject, jwks), ...verifiers(subject, jwks) }
  const contenders: Contender[] = Object.entries(calls).map(([name, call]) => ({
    name,
    measure: () => microseconds(call, seconds),
  }))
  await compare(contenders, 1) // warms up
  return compare(contenders, rounds)
}

type Call = () => unknown

/** What is left when all is known beforehand: key, signed bytes and signature. */
function rawVerify({ token }: Subject, jwks: Jwks): Call {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
  const jwk = jwks.keys.find((key) => key.kid === kid)
  if (!jwk) throw new Error('The token is not signed with a key of the pool.')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const [input, bytes] = [Buffer.from(`${header}.${payload}`), Buffer.from(signature, 'base64url')]
  return () => {
    if (!verify('RSA-SHA256', input, key, bytes)) throw new Error('The signature does not match.')
  }
}

function verifiers({ token, userPool }: Subject, jwks: Jwks): Record<string, Call> {
  const own = new UserPool(userPool)
  const forgetful = new UserPool({ ...userPool, verifiedTokens: 0 })
  const { userPoolId, clientId } = userPool
  const peer = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' })
  peer.cacheJwks(jwks)
  return {
    'verify, token seen before': () => own.verify(token, { tokenUse: 'access' }),
    'verify, every token new': () => forgetful.verify(token, { tokenUse: 'access' }),
    'aws-jwt-verify': () => peer.verify(token),
  }
}

async function microseconds(call: Call, seconds: number): Promise<number> {
  const start = performance.now()
  let calls = 0
  let elapsedMs: number
  do {
    for (let index = 0; index < BATCH; index += 1) await call()
    calls += BATCH
    elapsedMs = performance.now() - start
  } while (elapsedMs < seconds * 1000)
  return (elapsedMs / calls) * 1000
}
