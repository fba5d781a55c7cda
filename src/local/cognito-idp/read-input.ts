import { readMembersOf, type Shape, type Values } from '../server/members.ts'
import type { Input } from './input.ts'

/** Reads an input. Everything that is wrong with it is named in one `InvalidParameterException`. */
export function readInput<S extends Shape>(input: Input, shape: S): Values<S> {
  return readMembersOf('InvalidParameterException', input, shape)
}
