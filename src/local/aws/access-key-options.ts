import * as check from '../options/option-checks.ts'
import { defaultAccessKey, type AccessKey } from './developer.ts'

/** Checks the option `accessKeys`; without it there is the one documented key. */
export function accessKeysFrom(given: unknown): [AccessKey, ...AccessKey[]] {
  if (given === undefined) return [defaultAccessKey]
  const [first = defaultAccessKey, ...others] = check
    .checkArray('accessKeys', given, 1)
    .map((key, index) => keyFrom(`accessKeys[${index}]`, key))
  check.checkUnique(
    'accessKeys[].accessKeyId',
    [first, ...others].map(({ accessKeyId }) => accessKeyId),
  )
  return [first, ...others]
}

function keyFrom(option: string, given: unknown): AccessKey {
  const key = check.checkObject(option, given, ['accessKeyId', 'secretAccessKey'])
  return {
    accessKeyId: check.checkString(
      `${option}.accessKeyId`,
      key['accessKeyId'],
      /^\w{16,128}$/,
      '16 to 128 letters, digits or _',
    ),
    secretAccessKey: check.checkString(
      `${option}.secretAccessKey`,
      key['secretAccessKey'],
      /^[\x21-\x7e]{16,128}$/,
      '16 to 128 printable characters',
    ),
  }
}
