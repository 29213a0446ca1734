/** How much is tried, and by which chance: what a failure prints puts the same run together again. */
export interface FuzzSettings {
  /** `FUZZ_SEED`, a whole number of 32 bits; chosen by the clock unless given. */
  readonly seed: number;
  /** `FUZZ_CALLS`, all files together; 100,000 unless given. */
  readonly calls: number;
}

export const settings: FuzzSettings = {
  seed: readWhole("FUZZ_SEED", -(2 ** 31), 2 ** 31 - 1) ?? Date.now() | 0,
  calls: readWhole("FUZZ_CALLS", 1, 1_000_000_000) ?? 100_000,
};

function readWhole(name: string, min: number, max: number): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`);
}
