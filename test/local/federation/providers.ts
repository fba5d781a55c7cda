import type { TestContext } from 'node:test'
import {
  startLocalCognito,
  type LocalClient,
  type LocalCognito,
  type LocalIdentityProvider,
  type LocalUser,
  type LocalUserPool,
} from '../../../src/local/index.ts'
import { ana, authorizeUrl, claimsOf, exchange } from '../domain.ts'
import { Person } from '../managed-login/person.ts'

export const google: LocalIdentityProvider = {
  providerType: 'Google',
  attributeMapping: { email: 'email', name: 'name' },
  people: [{ sub: '104857', name: 'Gita Rao', email: 'gita@example.com' }, { sub: '2' }],
}

export const harbour: LocalIdentityProvider = {
  providerName: 'Harbour',
  providerType: 'OIDC',
  providerDetails: { client_id: 'cognito-at-harbour', oidc_issuer: 'https://id.harbour.example' },
  attributeMapping: { email: 'mail', 'custom:berth': 'berth', email_verified: 'mail_verified' },
  idpIdentifiers: ['harbour.example'],
}

/** A pool with providers, and ana of its own. */
export async function startWithProviders(
  t: TestContext,
  userPool: LocalUserPool = {},
  client: LocalClient = {},
  user: Partial<LocalUser> = {},
): Promise<LocalCognito> {
  const local = await startLocalCognito({
    users: [{ ...ana, email: 'ana@example.com', ...user }],
    clients: [{ clientId: 'public1', allowedOAuthFlows: ['code', 'implicit'], ...client }],
    userPool: { identityProviders: [google, harbour], ...userPool },
  })
  t.after(() => local.close())
  return local
}

/** Somebody on the page of a provider. */
export async function atProvider(
  local: LocalCognito,
  changes: Record<string, string | undefined>,
  person = new Person(),
): Promise<Person> {
  return person.go(authorizeUrl(local, changes))
}

/** What the app learns about who came back. */
export async function claimsFor(local: LocalCognito, person: Person): Promise<Record<string, unknown>> {
  const { status, body } = await exchange(local, { code: person.answer('code') ?? '' })
  if (status !== 200) throw new Error(`no tokens: ${person.at.search} ${person.page.slice(-800)}`)
  return claimsOf(String(body['id_token']))
}
