import type { GivenAttributes } from '../../account/attribute-rules.ts'

/** A list of `{ Name, Value }` as a map; the last of a name wins. */
export function givenAttributes(
  list: readonly { Name: string; Value: string | undefined }[] = [],
): GivenAttributes {
  return new Map(list.map(({ Name, Value = '' }) => [Name, Value]))
}
