import type { RequestContext } from './request-context.ts'

const anyText: unique symbol = Symbol('*')
const anyCharacter: unique symbol = Symbol('?')

/** One character, or a wildcard. */
type Token = string | typeof anyText | typeof anyCharacter

/** A text of a policy with its variables put in. */
export interface PolicyPattern {
  /** With `*` and `?` as wildcards. */
  matches(value: string): boolean
  /** Character by character. */
  equals(value: string): boolean
}

/**
 * Puts the values of a request in for `${key}` and `${key, 'default'}`. What is put in stays text: a `*` in it is no wildcard.
 * Undefined when a variable has no value, or several: such a text matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function policyPattern(
  text: string,
  context: RequestContext,
  hasVariables: boolean,
): PolicyPattern | undefined {
  const tokens: Token[] = []
  for (const [part] of text.matchAll(/\$\{[^}]*\}|[^]/gu)) {
    const isVariable = hasVariables && part.startsWith('${')
    const value = isVariable ? valueOf(part.slice(2, -1), context) : undefined
    if (isVariable && value === undefined) return undefined
    tokens.push(...(value ?? Array.from(part, tokenOf)))
  }
  return {
    matches: (candidate) => matchTokens(tokens, [...candidate]),
    equals: (candidate) => tokens.map(literally).join('') === candidate,
  }
}

/** A name of an action or a provider: wildcards, no variables, no regard to case. */
export function matchesName(pattern: string, name: string): boolean {
  const tokens = [...pattern.toLowerCase()].map(tokenOf)
  return matchTokens(tokens, [...name.toLowerCase()])
}

function valueOf(expression: string, context: RequestContext): string | undefined {
  if (['*', '?', '$'].includes(expression)) return expression
  const [, key = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(expression) ?? []
  const values = context.get(key)
  return values === undefined ? fallback : values.length === 1 ? values[0] : undefined
}

function tokenOf(character: string): Token {
  if (character === '*') return anyText
  return character === '?' ? anyCharacter : character
}

function literally(token: Token): string {
  if (token === anyText) return '*'
  return token === anyCharacter ? '?' : String(token)
}

/** In time proportional to both lengths: a regular expression of many `.*` would take exponentially long. */
function matchTokens(tokens: readonly Token[], text: readonly string[]): boolean {
  let [token, position, star, retry] = [0, 0, -1, 0]
  while (position < text.length) {
    const current = tokens[token]
    if (current === anyText) [star, retry, token] = [token, position, token + 1]
    else if (current === anyCharacter || current === text[position])
      [token, position] = [token + 1, position + 1]
    else if (star < 0) return false
    else [retry, position, token] = [retry + 1, retry + 1, star + 1]
  }
  return tokens.slice(token).every((rest) => rest === anyText)
}
