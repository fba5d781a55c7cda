import { redacted } from '../../lib/redacted.ts'

/** What a page needs to ask the question, from the parameters that Cognito gave. */
export function questionOf(
  name: string,
  parameters: Record<string, string>,
  available: readonly string[] = [],
): Record<string, unknown> {
  switch (name) {
    case 'NEW_PASSWORD_REQUIRED':
      return {
        name,
        requiredAttributes: listOf(parameters['requiredAttributes']).map((one) =>
          one.replace(/^userAttributes\./, ''),
        ),
        attributes: objectOf(parameters['userAttributes']),
      }
    case 'SMS_MFA':
    case 'EMAIL_OTP':
    case 'SMS_OTP':
      return {
        name,
        ...text('medium', parameters['CODE_DELIVERY_DELIVERY_MEDIUM']),
        ...text('destination', parameters['CODE_DELIVERY_DESTINATION']),
      }
    case 'SOFTWARE_TOKEN_MFA':
      return { name, ...text('deviceName', parameters['FRIENDLY_DEVICE_NAME']) }
    case 'SELECT_MFA_TYPE':
      // The guide's prose has another name for it than its examples.
      return { name, choices: listOf(parameters['MFAS_CAN_CHOOSE'] ?? parameters['MFAS_CAN_SELECT']) }
    case 'MFA_SETUP':
      return { name, choices: listOf(parameters['MFAS_CAN_SETUP']) }
    case 'SELECT_CHALLENGE':
      return { name, choices: [...available] }
    case 'PASSWORD':
    case 'PASSWORD_SRP':
      return { name }
    case 'WEB_AUTHN':
      return { name, options: objectOf(parameters['CREDENTIAL_REQUEST_OPTIONS']) }
    case 'CUSTOM_CHALLENGE':
      return { name, parameters: { ...parameters } }
    default:
      return { name: 'UNKNOWN', challengeName: name, parameters: { ...parameters } }
  }
}

/** The key URI that authenticator apps read from a QR code. */
export function totpSetUp(secret: string, username: string, issuer: string): { secret: string; url: string } {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(username)}`
  const url = `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
  return redacted({ secret, url })
}

function text<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>)
}

function listOf(json: string | undefined): string[] {
  const value = parse(json)
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

function objectOf(json: string | undefined): Record<string, string> {
  const value = parse(json)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** Cognito wraps lists and objects into JSON strings. */
function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
