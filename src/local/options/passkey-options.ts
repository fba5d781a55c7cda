import type { Settings } from '../user-pool/settings.ts'
import * as check from './option-checks.ts'

/** How passkeys are made and used. They are a first factor where `allowedFirstAuthFactors` has `WEB_AUTHN`. */
export interface LocalWebAuthnConfiguration {
  /** The domain that passkeys belong to. Default `localhost`, where an app in development runs. */
  relyingPartyId?: string | undefined
  /** Whether authenticators must verify their user (PIN, finger, face). Default `preferred`. */
  userVerification?: 'preferred' | 'required' | undefined
  /** Whether a passkey stands for the second factor too. Default `SINGLE_FACTOR`. */
  factorConfiguration?: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION' | undefined
}

/** Checks `webAuthnConfiguration`; `option` is its name in messages. */
export function webAuthnFrom(option: string, given: unknown = {}): Settings['webAuthn'] {
  const members = ['relyingPartyId', 'userVerification', 'factorConfiguration']
  const { relyingPartyId, userVerification, factorConfiguration } = check.checkObject(option, given, members)
  return {
    relyingPartyId: check.checkString(
      `${option}.relyingPartyId`,
      relyingPartyId ?? 'localhost',
      relyingPartyIdPattern,
      'a domain name in lower case, without a port',
    ),
    userVerification: check.checkOneOf(`${option}.userVerification`, userVerification ?? 'preferred', [
      'preferred',
      'required',
    ]),
    factorConfiguration: check.checkOneOf(
      `${option}.factorConfiguration`,
      factorConfiguration ?? 'SINGLE_FACTOR',
      ['SINGLE_FACTOR', 'MULTI_FACTOR_WITH_USER_VERIFICATION'],
    ),
  }
}

/** Browsers take no IP address here. */
const relyingPartyIdPattern =
  /^(?=.{1,127}$)(?![\d.]+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
