/** The collections that a restart may keep, by name; everything else starts empty. */
export interface Memory {
  /** The collection of this name: what was kept, or an empty one. */
  map<V>(name: string): Map<string, V>
  all(): ReadonlyMap<string, ReadonlyMap<string, unknown>>
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
