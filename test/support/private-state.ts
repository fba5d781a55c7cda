import { Session } from 'node:inspector'

interface Property {
  name: string
  value?: { type: string; subtype?: string; className?: string; objectId?: string }
}
interface Properties {
  result: Property[]
  privateProperties?: Property[]
}

/** One collection or promise that an object holds, by the way to it. */
export interface Held {
  path: string
  kind: 'map' | 'set' | 'promise'
  size: number
}

/** What is in the collections of an object and of all that it holds, private fields too, as a debugger sees them. */
export function heldBy(root: object): Held[] {
  const session = new Session()
  session.connect()
  const ask = <T>(method: string, parameters: object): T => {
    let answer: unknown
    // In the thread of the inspected program the answer is there at once.
    session.post(method, parameters, (error, result) => {
      if (error) throw error
      answer = result
    })
    return answer as T
  }
  const held: Held[] = []
  const visit = (objectId: string, path: string, depth: number): void => {
    const { result, privateProperties = [] } = ask<Properties>('Runtime.getProperties', {
      objectId,
      ownProperties: true,
    })
    for (const { name, value } of [...result, ...privateProperties]) {
      if (name === '__proto__' || value?.objectId === undefined || value.type !== 'object') continue
      const where = `${path}.${name}`
      const { subtype, className, objectId: id } = value
      if (subtype === 'map' || subtype === 'set') {
        const { result: size } = ask<{ result: { value: number } }>('Runtime.callFunctionOn', {
          objectId: id,
          functionDeclaration: 'function () { return this.size }',
        })
        held.push({ path: where, kind: subtype, size: size.value })
      } else if (subtype === 'promise') held.push({ path: where, kind: 'promise', size: 1 })
      else if (subtype === undefined && depth > 0 && !/Client$|Key/.test(className ?? ''))
        visit(id, where, depth - 1)
    }
  }
  const holder = globalThis as { inspected?: object }
  holder.inspected = root
  const { result } = ask<{ result: { objectId: string } }>('Runtime.evaluate', { expression: 'inspected' })
  visit(result.objectId, '', 5)
  delete holder.inspected
  session.disconnect()
  return held
}
