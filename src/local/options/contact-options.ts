import type { Settings } from '../user-pool/settings.ts'
import * as check from './option-checks.ts'

type ContactSettings = Pick<
  Settings,
  | 'usernameAttributes'
  | 'aliasAttributes'
  | 'autoVerifiedAttributes'
  | 'attributesRequireVerificationBeforeUpdate'
>

const contacts = ['email', 'phone_number'] as const

/** Checks the members of `userPool`, which messages call `option`, that say what addresses and numbers are for. */
export function contactsFrom(option: string, pool: Record<string, unknown>): ContactSettings {
  const words = (name: string) => check.checkWords(`${option}.${name}`, pool[name], contacts)
  const usernameAttributes = words('usernameAttributes')
  const aliases = [...contacts, 'preferred_username'] as const
  const aliasAttributes = check.checkWords(`${option}.aliasAttributes`, pool['aliasAttributes'], aliases)
  if (usernameAttributes.length > 0 && aliasAttributes.length > 0) {
    check.refuse(`${option}.aliasAttributes`, 'absent where usernameAttributes are given')
  }
  const autoVerifiedAttributes =
    pool['autoVerifiedAttributes'] === undefined ? (['email'] as const) : words('autoVerifiedAttributes')
  return {
    usernameAttributes,
    aliasAttributes,
    autoVerifiedAttributes,
    attributesRequireVerificationBeforeUpdate: verifiedBeforeUpdate(option, pool, autoVerifiedAttributes),
  }
}

function verifiedBeforeUpdate(
  poolOption: string,
  pool: Record<string, unknown>,
  autoVerified: ContactSettings['autoVerifiedAttributes'],
): ContactSettings['attributesRequireVerificationBeforeUpdate'] {
  const section = 'userAttributeUpdateSettings'
  const member = 'attributesRequireVerificationBeforeUpdate'
  const given = check.checkObject(`${poolOption}.${section}`, pool[section] ?? {}, [member])
  const option = `${poolOption}.${section}.${member}`
  const attributes = check.checkWords(option, given[member], contacts)
  if (attributes.every((name) => autoVerified.includes(name))) return attributes
  return check.refuse(option, 'among autoVerifiedAttributes')
}
