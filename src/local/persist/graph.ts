/**
 * Objects that refer to each other, as JSON: a sign-in and the directory hold the same user, and must again after a restart.
 * Every object has a number, and `{ "$": 3 }` stands for it wherever it is held.
 */
export interface Graph {
  root: unknown
  nodes: unknown[]
}

/** Objects that are somebody else's and are only named. */
export interface Outside {
  nameOf(value: object): string | undefined
  /** Undefined: it is no longer there. */
  find(name: string): object | undefined
}

/** Takes plain objects, arrays, maps, sets and buffers. */
export function encodeGraph(value: unknown, outside: Outside): Graph {
  const numbers = new Map<object, number>()
  const nodes: unknown[] = []
  const encode = (one: unknown): unknown => {
    if (one === undefined) return { $: 'undefined' }
    if (typeof one !== 'object' || one === null) return one
    const known = numbers.get(one)
    if (known !== undefined) return { $: known }
    const number = nodes.push(undefined) - 1
    numbers.set(one, number)
    nodes[number] = node(one)
    return { $: number }
  }
  const node = (one: object): unknown => {
    const name = outside.nameOf(one)
    if (name !== undefined) return { outside: name }
    if (Buffer.isBuffer(one)) return { bytes: one.toString('base64') }
    if (one instanceof Map) return { map: [...one].map((pair: unknown[]) => pair.map(encode)) }
    if (one instanceof Set) return { set: [...one].map(encode) }
    if (Array.isArray(one)) return { array: one.map(encode) }
    return { object: Object.entries(one).map(([key, member]) => [key, encode(member)]) }
  }
  return { root: encode(value), nodes }
}

/** Throws for what is no graph. What is no longer outside becomes undefined. */
export function decodeGraph({ root, nodes }: Graph, outside: Outside): unknown {
  const values = nodes.map((node) => empty(node, outside))
  const decode = (one: unknown): unknown => {
    if (typeof one !== 'object' || one === null) return one
    const { $: number } = one as { $?: unknown }
    if (number === 'undefined') return undefined
    if (typeof number !== 'number' || !(number in nodes)) throw new TypeError('a reference to nothing')
    return values[number]
  }
  for (const [number, node] of nodes.entries()) fill(values[number], node as Node, decode)
  return decode(root)
}

interface Node {
  map?: [unknown, unknown][]
  set?: unknown[]
  array?: unknown[]
  object?: [string, unknown][]
  bytes?: string
  outside?: string
}

function empty(node: unknown, outside: Outside): unknown {
  const { map, set, array, object, bytes, outside: name } = node as Node
  if (map) return new Map()
  if (set) return new Set()
  if (array) return []
  if (object) return {}
  if (bytes !== undefined) return Buffer.from(bytes, 'base64')
  if (name !== undefined) return outside.find(name)
  throw new TypeError('an unknown kind of node')
}

function fill(value: unknown, { map, set, array, object }: Node, decode: (one: unknown) => unknown): void {
  for (const [key, member] of map ?? []) (value as Map<unknown, unknown>).set(decode(key), decode(member))
  for (const member of set ?? []) (value as Set<unknown>).add(decode(member))
  for (const member of array ?? []) (value as unknown[]).push(decode(member))
  for (const [key, member] of object ?? []) {
    // `__proto__` is a member like any other.
    Object.defineProperty(value, key, {
      value: decode(member),
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
}
