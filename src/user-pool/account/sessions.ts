import type { AccountParts, SignedIn } from './caller.ts'

/** One sign-in of a user somewhere, where the pool tracks sessions. */
export interface UserSession {
  sessionId: string
  /** The sign-in that asks. It cannot revoke itself here: that is sign-out. */
  current: boolean
  clientId?: string
  deviceType?: string
  ipAddress?: string
  createdAt?: Date
  lastActiveAt?: Date
}

interface SessionRecord {
  SessionId?: string
  IsCurrentSession?: boolean
  ClientId?: string
  DeviceType?: string
  LastIPAddress?: string
  CreateDate?: Date
  LastActiveDate?: Date
}

/** ListUserSessions. Throws ConfigurationError where the pool does not track sessions. */
export async function listSessions({ idp }: AccountParts, { accessToken }: SignedIn): Promise<UserSession[]> {
  const { Sessions = [] } = await idp.call<{ Sessions?: SessionRecord[] }>(
    ({ ListUserSessionsCommand }) => new ListUserSessionsCommand({ AccessToken: accessToken }),
  )
  return Sessions.map((record) => ({
    sessionId: record.SessionId ?? '',
    current: record.IsCurrentSession === true,
    ...(record.ClientId !== undefined && { clientId: record.ClientId }),
    ...(record.DeviceType !== undefined && { deviceType: record.DeviceType }),
    ...(record.LastIPAddress !== undefined && { ipAddress: record.LastIPAddress }),
    ...(record.CreateDate && { createdAt: record.CreateDate }),
    ...(record.LastActiveDate && { lastActiveAt: record.LastActiveDate }),
  }))
}

/** RevokeUserSession: ends another sign-in of the same user. */
export async function revokeSession(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  sessionId: string,
): Promise<void> {
  const input = { AccessToken: accessToken, SessionId: sessionId }
  await idp.call(({ RevokeUserSessionCommand }) => new RevokeUserSessionCommand(input))
}

/**
 * GlobalSignOut: every refresh token of the user. Access and ID tokens stay valid until they expire for whoever verifies
 * them; AWS credentials that were handed out cannot be recalled.
 */
export async function globalSignOut({ idp }: AccountParts, { accessToken }: SignedIn): Promise<void> {
  await idp.call(({ GlobalSignOutCommand }) => new GlobalSignOutCommand({ AccessToken: accessToken }))
}
