import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import { isAttributeName, missingAttributes, valueProblem } from '../user-pool/attributes.ts'
import type { Client } from '../user-pool/client.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Attributes by name, as an operation gives them. An empty value deletes. */
export type GivenAttributes = ReadonlyMap<string, string>

/**
 * Throws unless a new user may be made with these attributes. An administrator may leave the required ones to the first sign-in.
 */
export function checkNewAttributes(
  pool: UserPool,
  attributes: GivenAttributes,
  { complete }: { complete: boolean },
): void {
  const { schema } = pool.settings
  const problems = [...attributes].flatMap(([name, value]) => {
    if (name === 'sub') return [`${name}: Attribute cannot be updated.`]
    if (!isAttributeName(name, schema)) return [`${name}: Attribute does not exist in the schema.`]
    return valueProblems(pool, name, value)
  })
  const missing = complete ? missingAttributes(schema, attributes) : []
  const required = missing.map((name) => `${name}: The attribute is required`)
  refuse('Attributes did not conform to the schema: ', [...problems, ...required])
}

/** Throws unless the attributes of a user may become these. `client` undefined: by an administrator. */
export function checkChangedAttributes(
  pool: UserPool,
  attributes: GivenAttributes,
  client: Client | undefined,
): void {
  const { schema } = pool.settings
  if (client) checkWritable(client, attributes)
  const problems = [...attributes].flatMap(([name, value]) => {
    if (name === 'sub') return [`user.${name}: Attribute cannot be updated.`]
    if (!isAttributeName(name, schema)) return [`user.${name}: Attribute does not exist in the schema.`]
    const described = schema.attributes.get(name)
    if (described?.mutable === false) return [`user.${name}: Attribute cannot be updated.`]
    if (value === '') return described?.required ? [requiredStays(name)] : []
    return valueProblems(pool, name, value)
  })
  refuse('', problems)
}

/** Throws unless a user may be without these attributes. */
export function checkDeletedAttributes(
  pool: UserPool,
  names: readonly string[],
  client: Client | undefined,
): void {
  checkChangedAttributes(pool, new Map(names.map((name) => [name, ''])), client)
}

const requiredStays = (name: string) => `user.${name}: Required attribute cannot be deleted.`

/** Whether an address was verified is for Cognito and administrators to say, whatever the client may write. */
export function checkWritable({ writeAttributes }: Client, attributes: GivenAttributes): void {
  for (const name of attributes.keys()) {
    const byClients = name !== 'email_verified' && name !== 'phone_number_verified'
    if (byClients && (writeAttributes?.has(name) ?? true)) continue
    throw notAuthorized('A client attempted to write unauthorized attribute')
  }
}

function valueProblems(pool: UserPool, name: string, value: string): string[] {
  const problem = valueProblem(pool.settings.schema, name, value)
  // These two stand alone, without the attribute's name.
  if (problem?.startsWith('Invalid ')) throw invalidParameter(problem)
  return problem === undefined ? [] : [`${name}: ${problem}`]
}

/** All problems in one message, each on its own line. */
function refuse(prefix: string, problems: readonly string[]): void {
  if (problems.length > 0) throw invalidParameter(`${prefix}${problems.join('\n')}\n`)
}
