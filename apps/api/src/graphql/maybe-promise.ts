/** What follows from a value, at once unless it is a promise. (Not called `then`: a module that exports that is taken for a promise.) */
export function follow<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
