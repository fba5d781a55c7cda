/**
 * Whether something must be waited for. Asked of what it can do, not of its class: where the app has replaced the global
 * `Promise` (zone.js does), those of async functions are of another class.
 */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/**
 * Goes on with a value, at once where nothing has to be waited for: a promise costs every request more than most checks do.
 * What `next` throws is thrown at once too, or rejects.
 */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}
