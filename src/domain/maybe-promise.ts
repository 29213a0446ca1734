/** A value now, or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Is it a promise, or anything that behaves like one? */
export function isPromiseLike<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
