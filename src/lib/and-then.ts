/**
 * Goes on with a value, at once where nothing has to be waited for: a promise costs every request more than most checks do.
 * What `next` throws is thrown at once too, or rejects.
 */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
