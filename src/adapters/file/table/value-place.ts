/** Where the JSON text of a value stands. */
export interface ValuePlace {
  /** Which file: a number that {@link ValueFiles} gave out, or {@link IN_MEMORY}. */
  readonly slot: number;
  /** In the file; in memory, which one. */
  readonly offset: number;
  readonly bytes: number;
  /** Two bits. */
  readonly encoding: number;
  /** CRC-32C of the text. */
  readonly checksum: number;
}

/** The slot of values that no file has yet. */
export const IN_MEMORY = 0;

/** Offsets go up to a tebibyte, and slots up to 4,095: together they are an integer that a float holds exactly. */
const OFFSETS = 2 ** 40;
export const MAX_SLOTS = 2 ** 12;

/** Slot and offset as one number. */
export function toAddress(slot: number, offset: number): number {
  return slot * OFFSETS + offset;
}

export function slotOf(address: number): number {
  return Math.floor(address / OFFSETS);
}

export function offsetOf(address: number): number {
  return address % OFFSETS;
}
