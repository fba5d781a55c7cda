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

/** Checks the members of `userPool` that say what addresses and numbers are for. */
export function contactsFrom(pool: Record<string, unknown>): ContactSettings {
  const words = (name: string) => check.checkWords(`userPool.${name}`, pool[name], contacts)
  const usernameAttributes = words('usernameAttributes')
  const aliases = [...contacts, 'preferred_username'] as const
  const aliasAttributes = check.checkWords('userPool.aliasAttributes', pool['aliasAttributes'], aliases)
  if (usernameAttributes.length > 0 && aliasAttributes.length > 0) {
    check.refuse('userPool.aliasAttributes', 'absent where usernameAttributes are given')
  }
  const autoVerifiedAttributes =
    pool['autoVerifiedAttributes'] === undefined ? (['email'] as const) : words('autoVerifiedAttributes')
  return {
    usernameAttributes,
    aliasAttributes,
    autoVerifiedAttributes,
    attributesRequireVerificationBeforeUpdate: verifiedBeforeUpdate(pool, autoVerifiedAttributes),
  }
}

function verifiedBeforeUpdate(
  pool: Record<string, unknown>,
  autoVerified: ContactSettings['autoVerifiedAttributes'],
): ContactSettings['attributesRequireVerificationBeforeUpdate'] {
  const section = 'userAttributeUpdateSettings'
  const member = 'attributesRequireVerificationBeforeUpdate'
  const given = check.checkObject(`userPool.${section}`, pool[section] ?? {}, [member])
  const option = `userPool.${section}.${member}`
  const attributes = check.checkWords(option, given[member], contacts)
  if (attributes.every((name) => autoVerified.includes(name))) return attributes
  return check.refuse(option, 'among autoVerifiedAttributes')
}
