import { createHash } from 'node:crypto'
import { randomUUID } from '../../lib/random.ts'
import { element, textElement } from '../../aws/xml.ts'
import type { LoginTokenCheck } from '../login-provider.ts'
import { sealClaims, unsealClaims } from './sealed-claims.ts'

type Claims = Record<string, unknown>

const notAttributes = ['sub', 'aud', 'exp', 'iat', 'iss']

/**
 * A response as a SAML provider posts it, in base64. Its signature is no XML signature: it holds the claims and the digest of
 * the assertion, and only this server can tell whether they belong together.
 */
export function issueSamlAssertion(arn: string, claims: Claims, secret: Buffer, now: number): string {
  const attributes = Object.entries(claims).filter(([name]) => !notAttributes.includes(name))
  const assertion = element(
    'saml:Assertion',
    textElement('saml:Issuer', arn) +
      element('saml:Subject', textElement('saml:NameID', String(claims['sub']))) +
      element('saml:AttributeStatement', attributes.map(([name, value]) => attribute(name, value)).join('')),
  )
  const signature = sealClaims({ ...claims, iss: arn, digest: digest(assertion) }, secret)
  const xml =
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
    `ID="_${randomUUID()}" IssueInstant="${new Date(now).toISOString()}" Version="2.0">${assertion}` +
    `${textElement('SignatureValue', signature)}</samlp:Response>`
  return Buffer.from(xml).toString('base64')
}

/** Checks form, signature and issuer. */
export function verifySamlAssertion(arn: string, token: string, secret: Buffer): LoginTokenCheck {
  const xml = Buffer.from(token, 'base64').toString('utf8')
  const [, assertion, signature] =
    /^<samlp:Response [^>]*>(<saml:Assertion>.*<\/saml:Assertion>)<SignatureValue>([\w.-]+)<\/SignatureValue><\/samlp:Response>$/s.exec(
      xml,
    ) ?? []
  if (assertion === undefined || signature === undefined) return { ok: false, reason: 'malformed' }
  const { digest: signed, ...claims } = unsealClaims(signature, secret) ?? {}
  if (signed !== digest(assertion)) return { ok: false, reason: 'signature' }
  return claims['iss'] === arn ? { ok: true, claims } : { ok: false, reason: 'issuer' }
}

function attribute(name: string, value: unknown): string {
  const values = (Array.isArray(value) ? value : [value]).map((one) =>
    textElement('saml:AttributeValue', String(one)),
  )
  return element('saml:Attribute', textElement('saml:Name', name) + values.join(''))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
