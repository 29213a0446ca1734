/** The Castagnoli polynomial, reflected (RFC 3720 appendix B.4). */
export const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 one after the other: eight bytes are taken in one step ("slicing by 8"). */
const TABLES = createTables();

/** CRC-32C of a part of the bytes, as an unsigned integer; `seed` is the checksum of what stands before it. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  const t = TABLES;
  let crc = ~seed;
  let at = start;
  for (const stop = end - 7; at < stop; at += 8) {
    const low = crc ^ (byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24));
    crc =
      entry(t, 1792 + (low & 255)) ^ entry(t, 1536 + ((low >>> 8) & 255)) ^ entry(t, 1280 + ((low >>> 16) & 255)) ^ entry(t, 1024 + (low >>> 24)) ^
      entry(t, 768 + byte(bytes, at + 4)) ^ entry(t, 512 + byte(bytes, at + 5)) ^ entry(t, 256 + byte(bytes, at + 6)) ^ entry(t, byte(bytes, at + 7));
  }
  for (; at < end; at++) crc = entry(t, (crc ^ byte(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function createTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let index = 0; index < 256; index++) {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[index] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = entry(tables, index - 256);
    tables[index] = entry(tables, previous & 255) ^ (previous >>> 8);
  }
  return tables;
}

/** Both are only asked for what is there; the zero is for the compiler and costs nothing. */
function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function entry(tables: Int32Array, at: number): number {
  return tables[at] ?? 0;
}
