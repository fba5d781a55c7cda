import { ConfigurationError, CredentialsError, SessionEndedError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import type { Logins } from '../identity/logins.ts'
import { type CredentialsOwner, ownerOf } from '../identity/owner.ts'
import { type CredentialsProvider, toProvider } from '../identity/provider.ts'
import { hasCode } from '../lib/has-code.ts'
import type { Claims, IdTokenClaims } from '../user-pool/claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { VerifiedTokens } from '../user-pool/user.ts'

/** The logins of a user at this moment, and whose they are. */
interface Proof {
  logins: Logins
  owner: CredentialsOwner
}

/** Credentials of a signed-in browser: with the newest ID token of the sign-in, and none after it has ended. */
export function sessionCredentials(
  userPool: UserPool,
  identityPool: IdentityPool | undefined,
  signedIn: VerifiedTokens,
): CredentialsProvider {
  if (!identityPool) return withoutPool.session
  const proof = proofMaker(userPool)
  const assertSignedIn = () => {
    if (userPool.signIns.hasEnded(signedIn.tokens)) throw new SessionEndedError('The user has signed out.')
  }
  return callerCredentials(identityPool, {
    async prove() {
      const { tokens, idClaims } = await currentTokens(userPool, signedIn)
      return proof(tokens.idToken, idClaims)
    },
    // Who signs out while an answer is on its way does not get it any more.
    check: assertSignedIn,
  })
}

async function currentTokens({ signIns }: UserPool, signedIn: VerifiedTokens): Promise<VerifiedTokens> {
  if (signIns.hasEnded(signedIn.tokens)) throw new SessionEndedError('The user has signed out.')
  return signIns.isLatest(signedIn.tokens) && signedIn.idClaims.exp * 1000 > Date.now()
    ? signedIn
    : signIns.current(signedIn.tokens)
}

/** Credentials of an API caller: with the very token that came, which must be an ID token that still counts. */
export function bearerCredentials(
  userPool: UserPool,
  identityPool: IdentityPool | undefined,
  token: string,
  claims: Claims,
): CredentialsProvider {
  if (!identityPool) return withoutPool.bearer
  const proof = proofMaker(userPool)
  return callerCredentials(identityPool, {
    async prove() {
      if (claims.token_use !== 'id') throw accessTokenOnly()
      await assertStillCounts(userPool, token, claims)
      return proof(token, claims)
    },
    check: () => assertStillCounts(userPool, token, claims),
  })
}

const idToken = Object.freeze({ tokenUse: 'id' })

/** A request may live longer than its token, or than the sign-in that the token belongs to. */
async function assertStillCounts({ verifier }: UserPool, token: string, { exp }: Claims): Promise<void> {
  if (exp * 1000 <= Date.now())
    throw new CredentialsError(
      'refused',
      'The ID token that came with the request has expired in the meantime.',
    )
  await verifier.verify(token, idToken, true)
}

interface Caller {
  prove: () => Promise<Proof>
  /** Throws when the caller is no longer entitled to what has been fetched. */
  check: () => void | Promise<void>
}

function callerCredentials(identityPool: IdentityPool, { prove, check }: Caller): CredentialsProvider {
  const credentials = (customRoleArn: string | undefined) =>
    asCaller(({ logins, owner }) => identityPool.credentials(logins, { owner, customRoleArn }))
  const identityId = () => asCaller(({ logins, owner }) => identityPool.identityId(logins, { owner }))

  async function asCaller<T>(ask: (proof: Proof) => Promise<T>): Promise<T> {
    const proof = await prove()
    const found = await ask(proof).catch(async (error: unknown) => {
      if (!hasCode<CredentialsError>(error, 'ERR_COGNITO_CREDENTIALS') || error.reason !== 'refused')
        throw error
      // The token may have expired while the call waited for its turn: then there is another one now.
      const newer = await prove()
      if (newer === proof) throw error
      return ask(newer)
    })
    await check()
    return found
  }

  return toProvider({ credentials, identityId, clients: identityPool.clients })
}

/** The same proof for the same token, so that its owner is worked out once. */
function proofMaker({ loginsKey }: UserPool): (idToken: string, claims: IdTokenClaims) => Proof {
  let known: { idToken: string; proof: Proof } | undefined
  return (idToken, claims) => {
    if (known?.idToken !== idToken)
      known = { idToken, proof: { logins: { [loginsKey]: idToken }, owner: ownerOf(claims) } }
    return known.proof
  }
}

function accessTokenOnly(): CredentialsError {
  return new CredentialsError(
    'access_token_only',
    "Identity pools take ID tokens, and the caller sent an access token. Let the caller send the ID token and use bearer({ userPool, identityPool, tokenUse: 'id' }).",
  )
}

/** Of callers whose middleware has no identity pool: the same for all of them. */
const withoutPool = { bearer: needsPool('bearer'), session: needsPool('session') }

function needsPool(middleware: string): CredentialsProvider {
  const refuse = async () => {
    throw new ConfigurationError(
      `AWS credentials need an identity pool: ${middleware}({ userPool, identityPool }).`,
    )
  }
  return Object.freeze(toProvider({ credentials: refuse, identityId: refuse, clients: undefined }))
}
