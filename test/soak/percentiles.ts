/** The value that so many of a hundred do not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? 0;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}
