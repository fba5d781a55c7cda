/**
 * The words of a message. Each is a string of its own: what is remembered of it would otherwise keep the whole message in memory, of
 * which V8 makes slices.
 */
export function wordsOf(message: string): [first: string, ...more: string[]] {
  const [first = '', ...more] = message.split(' ').map((word) => Buffer.from(word).toString())
  return [first, ...more]
}
