import { endianness } from "node:os";

/** How long a number is. */
export const NUMBER_BYTES = 4;

const IS_BIG_ENDIAN = endianness() === "BE";

/** Numbers of 32 bits as they stand in a file, little-endian; the array is used up. */
export function toBytes(numbers: Uint32Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return IS_BIG_ENDIAN ? bytes.swap32() : bytes;
}

/** The numbers that stand in bytes of a file; the bytes are used up. */
export function fromBytes(bytes: Buffer): Uint32Array {
  const aligned = bytes.byteOffset % NUMBER_BYTES === 0 ? bytes : Buffer.from(bytes);
  if (IS_BIG_ENDIAN) aligned.swap32();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / NUMBER_BYTES);
}
