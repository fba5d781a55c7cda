import type { LocalCognito } from 'passport-cognito-identity/local'
import type { Issuer } from './issuer.ts'
import { mintToken } from './tokens.ts'

/** How often one and the same token is presented. */
const TIMES = 300
const UNKNOWN_KIDS = 1_000
/** Far more than Node lets through in all headers together (16 kB), unless somebody has raised that. */
const GARBAGE_BYTES = 100_000

/** What must be refused, by name: the values of the `Authorization` header, in order. */
export async function refusedTokens(local: LocalCognito, issuer: Issuer): Promise<Record<string, string[]>> {
  const token = await mintToken(local, issuer)
  const again = (value: string) => new Array<string>(TIMES).fill(`Bearer ${value}`)
  return {
    'tampered token': again(tamper(token)),
    'expired token': again(await mintToken(local, issuer, -60)),
    '100 kB of letters': again('A'.repeat(GARBAGE_BYTES)),
    '100 kB in the shape of a token': again(stuff(token)),
    '1,000 unknown kids': await unknownKids(local),
  }
}

/** Another group in the claims, under the signature of the old ones. */
function tamper(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = Buffer.from(payload, 'base64url').toString().replace('"editors"', '"admin"')
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.')
}

/** A good header, with the `typ` that most issuers write, before claims that are no JSON. */
function stuff(token: string): string {
  const [header = '', , signature] = token.split('.')
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
  const typed = Buffer.from(JSON.stringify({ kid, alg, typ: 'JWT' })).toString('base64url')
  return [typed, 'A'.repeat(GARBAGE_BYTES), signature].join('.')
}

async function unknownKids({ issueToken }: LocalCognito): Promise<string[]> {
  const values: string[] = []
  while (values.length < UNKNOWN_KIDS) {
    const token = await issueToken({ tokenUse: 'access', header: { kid: `unknown-${values.length}` } })
    values.push(`Bearer ${token}`)
  }
  return values
}
