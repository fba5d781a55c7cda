/** The DNS suffix of a Region's partition: standard and GovCloud, China, European Sovereign Cloud. */
export function dnsSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn'
  if (region.startsWith('eusc-')) return 'amazonaws.eu'
  return 'amazonaws.com'
}

/**
 * The host of a pool's prefix domain. GovCloud has FIPS hosts only. China is undocumented; the standard form is
 * used there too.
 */
export function prefixDomainHost(prefix: string, region: string): string {
  const service = region.startsWith('us-gov-') ? 'auth-fips' : 'auth'
  return `${prefix}.${service}.${region}.amazoncognito.com`
}
