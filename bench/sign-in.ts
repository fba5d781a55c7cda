import { browse, CookieJar, signInOnLoginPage } from '../test/support/login-form.ts'

/**
 * Signs a person in as their browser would, from the `/login` of the app at `url` through the login page of its Cognito
 * and back. Gives the app's cookies.
 */
export async function signIn(url: string, user: { username: string; password: string }): Promise<string> {
  const jar = new CookieJar()
  const login = await browse(jar, new URL('/login', url))
  // The app believes to be elsewhere, so only path and query of its callback count.
  const { pathname, search } = await signInOnLoginPage(login.headers.get('location') ?? '', user)
  const callback = await browse(jar, new URL(pathname + search, url))
  if (callback.status >= 400) throw new Error(`${url}: the callback was answered ${callback.status}.`)
  return jar.header(new URL(url))
}
