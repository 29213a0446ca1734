/** Heap and what hangs on it, in bytes, with the garbage collected. Needs `--expose-gc`. */
export function memoryUsed(): number {
  if (globalThis.gc === undefined) throw new TypeError("run with --expose-gc, so that memory can be measured");
  globalThis.gc();
  // What hangs on objects that went with the first collection goes with the second.
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
