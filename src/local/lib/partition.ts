/** The AWS partition of a Region, as ARNs name it. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws'
}

/** What the host names of a Region's services end with. GovCloud shares the suffix of the commercial Regions. */
export function dnsSuffixOf(region: string): string {
  const suffixes: Partial<Record<string, string>> = {
    'aws-cn': 'amazonaws.com.cn',
    'aws-eusc': 'amazonaws.eu',
  }
  return suffixes[partitionOf(region)] ?? 'amazonaws.com'
}

/** The name under which identity pools know a user pool: the key of its logins. */
export function userPoolProviderName(region: string, userPoolId: string): string {
  return `cognito-idp.${region}.${dnsSuffixOf(region)}/${userPoolId}`
}
