/** The collections that a restart may keep, by name; everything else starts empty. */
export interface Memory {
  /** The collection of this name: what was kept, or an empty one. */
  map<V>(name: string): Map<string, V>
  all(): ReadonlyMap<string, ReadonlyMap<string, unknown>>
}

/** A part of a memory, for somebody whose collections have the same names as others'. */
export function memoryWithin(memory: Memory, owner: string): Memory {
  return { map: (name) => memory.map(`${owner}/${name}`), all: () => memory.all() }
}

/** Whose collection this is; undefined where it is in no part. */
export function ownerOf(name: string): string | undefined {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : undefined
}

export function createMemory(kept: ReadonlyMap<string, Map<string, unknown>> = new Map()): Memory {
  const maps = new Map(kept)
  return {
    map<V>(name: string) {
      const map = maps.get(name) ?? new Map<string, unknown>()
      maps.set(name, map)
      return map as Map<string, V>
    },
    all: () => maps,
  }
}
