import { respond } from '../oauth/authorization-response.ts'
import type { LocalResponse } from '../server/http.ts'
import type { User } from '../user-pool/user.ts'
import type { Visit } from './visit.ts'

/** The browser gets its session, and goes back to the app. */
export function signedIn({ pool, asked }: Visit, user: User): Promise<LocalResponse> {
  const cookie = pool.browserSessions.start(user, pool.clients.values())
  return respond(pool, asked, { user, authTime: pool.clock.nowSeconds() }, [cookie])
}
