import type { ResourceServer } from '../user-pool/settings.ts'
import * as check from './option-checks.ts'

/** An API that access tokens are for. A client that may ask for its scopes lists them as `identifier/scopeName`. */
export interface LocalResourceServer {
  identifier: string
  /** Default: the identifier. */
  name?: string | undefined
  scopes?: { scopeName: string; scopeDescription?: string | undefined }[] | undefined
}

/** Checks `userPool.resourceServers`. */
export function resourceServersFrom(option: string, given: unknown): Map<string, ResourceServer> {
  const servers = check
    .checkArray(option, given)
    .map((entry, index) => resourceServerFrom(`${option}[${index}]`, entry))
  check.checkUnique(
    `${option}[].identifier`,
    servers.map(({ identifier }) => identifier),
  )
  return new Map(servers.map((server) => [server.identifier, server]))
}

function resourceServerFrom(option: string, given: unknown): ResourceServer {
  const server = check.checkObject(option, given, ['identifier', 'name', 'scopes'])
  const printable = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/
  const shape = 'printable characters without spaces, quotes or backslashes'
  const identifier = check.checkString(`${option}.identifier`, server['identifier'], printable, shape)
  const scopes = check.checkArray(`${option}.scopes`, server['scopes']).map((entry, index) => {
    const name = `${option}.scopes[${index}]`
    const scope = check.checkObject(name, entry, ['scopeName', 'scopeDescription'])
    const scopeName = check.checkString(
      `${name}.scopeName`,
      scope['scopeName'],
      /^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]{1,256}$/,
      `${shape}, and without a slash`,
    )
    const description = scope['scopeDescription'] ?? scopeName
    return {
      scopeName,
      scopeDescription: check.checkString(`${name}.scopeDescription`, description, /^[^]{1,256}$/, 'a text'),
    }
  })
  return {
    identifier,
    name: check.checkString(`${option}.name`, server['name'] ?? identifier, /^[^]{1,256}$/, 'a text'),
    scopes,
  }
}
