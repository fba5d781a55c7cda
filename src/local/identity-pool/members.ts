import { readMembersOf, type Shape, type Values } from '../server/members.ts'

export * from '../server/members.ts'

/** Reads an input. Everything that is wrong with it is named in one `ValidationException`. */
export function readInput<S extends Shape>(input: Record<string, unknown>, shape: S): Values<S> {
  return readMembersOf('ValidationException', input, shape)
}
