/** Lets the event loop serve others first. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
