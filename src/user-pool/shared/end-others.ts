import { ConfigurationError } from '../../errors.ts'
import type { RefreshTokens } from '../refresh-tokens.ts'
import type { SharedSignIns } from './shared-sign-ins.ts'
import { handleOf, type HeldTokens } from '../sign-in-handle.ts'
import type { SignIns } from '../sign-ins.ts'
import { areTokens, type Tokens } from '../tokens.ts'

interface EndOthersParts {
  signIns: SignIns
  shared: SharedSignIns | undefined
  refreshTokens: RefreshTokens
}

/**
 * Ends the other sign-ins of the same user that the shared store keeps, and revokes their refresh tokens. Gives their number. Throws
 * ConfigurationError without a store, and UnavailableError when some may live on.
 */
export async function endOthers(
  { signIns, shared, refreshTokens }: EndOthersParts,
  tokens: Tokens,
): Promise<number> {
  const signIn = handleOf(tokens)
  if (!shared || !signIn || !shared.owns(signIn))
    throw new ConfigurationError(
      'The other sign-ins of a user are known with a shared store only: new UserPool({ …, store, sealingKey }), and the tokens of req.user.',
    )
  const others = await shared.others(signIn)
  await Promise.all(others.map((other) => endForGood(other)))
  return others.length

  async function endForGood(held: HeldTokens): Promise<void> {
    // First what Cognito must know: a record that is gone would not be found again.
    if (areTokens(held)) await refreshTokens.revoke(held)
    await signIns.end(held)
  }
}
