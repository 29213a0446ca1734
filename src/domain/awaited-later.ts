/** A promise that its owner may await long after it was rejected, or never: that alone must not end the process. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
