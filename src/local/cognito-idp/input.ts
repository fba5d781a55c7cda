import { readMembersOf, type Shape, type Values } from '../server/members.ts'

/** The JSON body of an operation. */
export type Input = Record<string, unknown>

/** Reads an input. Everything that is wrong with it is named in one `InvalidParameterException`. */
export function readInput<S extends Shape>(input: Input, shape: S): Values<S> {
  return readMembersOf('InvalidParameterException', input, shape)
}
