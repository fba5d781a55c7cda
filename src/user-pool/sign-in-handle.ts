import { redacted } from '../lib/redacted.ts'
import type { Tokens } from './tokens.ts'

/**
 * Where the tokens of a sign-in are kept when the pool has a shared store: this is all that a session holds of them. It
 * names no secret, and opens nothing by itself.
 */
export interface SignInHandle {
  /** Names the record; the same as long as the sign-in lasts. */
  readonly id: string
  readonly userPoolId: string
  readonly clientId: string
  /** The record opens for this user only. */
  readonly sub: string
}

/** Tokens, or what a session holds in their place. */
export type HeldTokens = Tokens | { readonly signIn: SignInHandle }

/** Narrows what came back from a session store. */
export function isHandle(value: unknown): value is SignInHandle {
  if (typeof value !== 'object' || value === null) return false
  const { id, userPoolId, clientId, sub } = value as Partial<Record<keyof SignInHandle, unknown>>
  return [id, userPoolId, clientId, sub].every((part) => typeof part === 'string' && part.length <= 256)
}

/** The handle of tokens that are kept in a shared store. */
export function handleOf(value: unknown): SignInHandle | undefined {
  const signIn = (value as { signIn?: unknown } | null | undefined)?.signIn
  return isHandle(signIn) ? signIn : undefined
}

/**
 * A copy of tokens for whoever may change it. Inspected, it shows `[redacted]`. As JSON it is whole, so that a session store
 * can keep it; where a shared store keeps the tokens, it is the handle alone.
 */
export function copyOfTokens<T extends Partial<Tokens>>(tokens: T): T {
  const copy = redacted({ ...tokens })
  const { signIn } = copy
  return signIn
    ? Object.defineProperty(copy, 'toJSON', { value: () => ({ signIn }), configurable: true })
    : copy
}
