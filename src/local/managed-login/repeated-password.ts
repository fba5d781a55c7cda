import { equalSecrets } from '../lib/secrets.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Texts } from './languages/texts.ts'

/** Throws when a password was typed differently the second time. */
export function checkRepeated(
  fields: URLSearchParams,
  name: 'password' | 'new_password',
  texts: Texts,
): void {
  if (equalSecrets(fields.get(name) ?? '', fields.get('confirm_password') ?? '')) return
  throw new ServiceError('InvalidParameterException', texts.newPassword.different)
}
