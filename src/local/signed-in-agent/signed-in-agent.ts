import { Browser } from './browser.ts'

/** What {@link signedInAgent} needs of an agent: `request.agent(app)` of supertest, or `chai.request.agent(app)`, has it. */
export interface TestAgent {
  get(path: string): PromiseLike<{ status: number; headers: Record<string, string | undefined> }>
}

/** Who signs in. A user with a temporary password chooses `newPassword`. */
export interface SignedInUser {
  username: string
  password: string
  newPassword?: string | undefined
}

/**
 * The agent, after the person at it signed in through the managed login as a browser would: from the login route of the app (`/login`)
 * over the form of the local Cognito to the callback, which the agent opens itself. Rejects when the sign-in does not get that far: for
 * a wrong password, with what the page says.
 */
export async function signedInAgent<Agent extends TestAgent>(
  agent: Agent,
  user: SignedInUser,
  { loginPath = '/login' }: { loginPath?: string | undefined } = {},
): Promise<Agent> {
  const login = await agent.get(loginPath)
  const start = login.headers['location']
  if (!isRedirect(login.status) || start === undefined || !URL.canParse(start)) {
    throw new Error(`${loginPath} does not lead to a login page: it answered ${login.status}`)
  }
  // Any port: an app under test listens elsewhere than its callback says.
  const { pathname, search } = await throughLoginPage(new URL(start), user)
  const callback = await agent.get(pathname + search)
  if (callback.status >= 400)
    throw new Error(`${pathname} refused the sign-in: it answered ${callback.status}`)
  return agent
}

/** The callback that the login page leads to. */
async function throughLoginPage(start: URL, user: SignedInUser): Promise<URL> {
  const browser = new Browser()
  let left = await browser.open(start)
  if (!left) {
    left = await browser.submit({ username: user.username, password: user.password })
  }
  if (!left && user.newPassword !== undefined) {
    left = await browser.submit({ new_password: user.newPassword, confirm_password: user.newPassword })
  }
  return (
    left ?? Promise.reject(new Error(`the login page does not let the user in; it says: ${browser.says}`))
  )
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}
