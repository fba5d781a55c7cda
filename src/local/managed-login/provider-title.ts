import type { IdentityProvider } from '../user-pool/identity-providers.ts'

const titles: Partial<Record<IdentityProvider['providerType'], string>> = {
  LoginWithAmazon: 'Amazon',
  SignInWithApple: 'Apple',
}

/** What people call a provider. */
export function providerTitle({ providerType, providerName }: IdentityProvider): string {
  return titles[providerType] ?? providerName
}
