import { boolean, optional, string, structure } from '../../server/members.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import type { Mfa } from '../../user-pool/mfa.ts'
import type { Settings } from '../../user-pool/settings.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { checkPoolId } from '../pool-id.ts'

/** Messages and senders are taken and not kept: nothing is really sent. */
const sender = optional(structure({}))

const members = {
  UserPoolId: model.userPoolId,
  MfaConfiguration: optional(string({ values: ['OFF', 'ON', 'OPTIONAL'] })),
  SoftwareTokenMfaConfiguration: optional(structure({ Enabled: optional(boolean) })),
  SmsMfaConfiguration: sender,
  EmailMfaConfiguration: sender,
  WebAuthnConfiguration: optional(
    structure({
      RelyingPartyId: optional(string({ min: 1, max: 127 })),
      UserVerification: optional(string({ values: ['required', 'preferred'] })),
      FactorConfiguration: optional(
        string({ values: ['SINGLE_FACTOR', 'MULTI_FACTOR_WITH_USER_VERIFICATION'] }),
      ),
    }),
  ),
}

/** SetUserPoolMfaConfig: which second factors there are, and whether they are demanded. A factor that is left out is switched off. */
export function setUserPoolMfaConfig(pool: UserPool, input: Input): object {
  const given = readInput(input, members)
  checkPoolId(pool, given.UserPoolId)
  const factors: [Mfa, boolean][] = [
    ['SOFTWARE_TOKEN_MFA', given.SoftwareTokenMfaConfiguration?.Enabled === true],
    ['SMS_MFA', given.SmsMfaConfiguration !== undefined],
    ['EMAIL_OTP', given.EmailMfaConfiguration !== undefined],
  ]
  const enabledMfas = factors.filter(([, isOn]) => isOn).map(([mfa]) => mfa)
  const mfaConfiguration = (given.MfaConfiguration ?? 'OFF') as Settings['mfaConfiguration']
  if (mfaConfiguration !== 'OFF' && enabledMfas.length === 0) {
    throw invalidParameter('At least one MFA method must be enabled when MFA is not OFF.')
  }
  const { RelyingPartyId, UserVerification, FactorConfiguration } = given.WebAuthnConfiguration ?? {}
  const { webAuthn } = pool.settings
  // In place: whatever holds the settings sees them.
  Object.assign(pool.settings, {
    mfaConfiguration,
    enabledMfas: mfaConfiguration === 'OFF' ? [] : enabledMfas,
    webAuthn: {
      relyingPartyId: RelyingPartyId ?? webAuthn.relyingPartyId,
      userVerification: UserVerification ?? webAuthn.userVerification,
      factorConfiguration: FactorConfiguration ?? webAuthn.factorConfiguration,
    },
  })
  return output(pool.settings)
}

/** GetUserPoolMfaConfig */
export function getUserPoolMfaConfig(pool: UserPool, input: Input): object {
  const { UserPoolId } = readInput(input, { UserPoolId: model.userPoolId })
  checkPoolId(pool, UserPoolId)
  return output(pool.settings)
}

function output({ mfaConfiguration, enabledMfas, webAuthn, allowedFirstAuthFactors }: Settings): object {
  return {
    MfaConfiguration: mfaConfiguration,
    SoftwareTokenMfaConfiguration: { Enabled: enabledMfas.includes('SOFTWARE_TOKEN_MFA') },
    SmsMfaConfiguration: enabledMfas.includes('SMS_MFA') ? {} : undefined,
    EmailMfaConfiguration: enabledMfas.includes('EMAIL_OTP') ? {} : undefined,
    WebAuthnConfiguration: allowedFirstAuthFactors.includes('WEB_AUTHN')
      ? {
          RelyingPartyId: webAuthn.relyingPartyId,
          UserVerification: webAuthn.userVerification,
          FactorConfiguration: webAuthn.factorConfiguration,
        }
      : undefined,
  }
}
