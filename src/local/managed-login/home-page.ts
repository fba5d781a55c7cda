import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { UserPools } from '../user-pool/user-pools.ts'
import { html, type Html } from './html.ts'
import { languages } from './languages/index.ts'
import { page } from './page.ts'

/** `GET /` in a browser: what this is, and where it begins. For developers, so in English. */
export function homePage(pools: UserPools): LocalHandler {
  return () =>
    page(200, {
      texts: languages[0],
      title: 'Local Cognito',
      body: html`<p>
          A user pool with its managed login, an identity pool, STS and a small S3 are served on this port. To
          sign in, start from your app: it sends you to the login page with the parameters that the page
          needs.
        </p>
        ${pools.all().map(links)}`,
    })
}

function links({ userPoolId }: UserPool): Html {
  const wellKnown = `/${userPoolId}/.well-known`
  return html`<p>User pool <code>${userPoolId}</code></p>
    <ul>
      <li><a href="${wellKnown}/openid-configuration">Discovery document</a></li>
      <li><a href="${wellKnown}/jwks.json">Public keys</a></li>
    </ul>`
}
