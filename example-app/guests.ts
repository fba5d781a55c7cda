import {
  CognitoError,
  type CognitoUser,
  type IdentityPool,
  ownerOf,
  type UserPool,
} from 'passport-cognito-identity'

declare module 'express-session' {
  interface SessionData {
    /** The identity of a visitor who has not signed in. */
    guest: string
  }
}

/** A user, and the guest that they were. */
export type FormerGuest = CognitoUser & { formerGuest?: string }

/** Makes what a guest has the user's, who is just signing in. */
export type UpgradeGuest = (guest: string | undefined, user: CognitoUser) => Promise<FormerGuest>

/**
 * Sign-in renews the session and empties it, so whoever signs a visitor in reads `req.session.guest` before that. An identity pool
 * that is down keeps nobody from signing in: the guest's things are then left behind.
 */
export function guestUpgrade(userPool: UserPool, identityPool: IdentityPool): UpgradeGuest {
  return async (guest, user) => {
    if (guest === undefined) return user
    const { idToken } = user.tokens
    try {
      const owner = ownerOf(await userPool.verify(idToken, { tokenUse: 'id' }))
      await identityPool.upgradeGuest(guest, { [userPool.loginsKey]: idToken }, { owner })
      return { ...user, formerGuest: guest }
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error
      console.error(`A guest was left behind at sign-in: ${error.message}`)
      return user
    }
  }
}
