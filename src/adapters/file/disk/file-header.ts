import { crc32c } from "./crc32c.ts";
import { FileStoreError, damaged } from "../file-store-error.ts";

/** How long every file's header is. */
export const FILE_HEADER_BYTES = 64;

/** The format that this code writes. It reads the earlier ones as well: the first had no trail, the second no commits in parts. */
export const FORMAT_VERSION = 3;
export const FIRST_FORMAT_WITH_TRAIL = 2;

/** Like PNG's: a text-mode copy, a stripped eighth bit and a converted line end all break it. */
const MAGIC = Buffer.from("\x89APS\r\n\x1a\n", "latin1");
const KINDS = ["log", "snapshot", "trail"] as const;
const VERSION_AT = 8;
const KIND_AT = 12;
const STORE_ID_AT = 16;
const GENERATION_AT = 32;
const SEQUENCE_AT = 40;
const CHECKSUM_AT = 60;

/** What stands at the beginning of every file of a store. */
export interface FileHeader {
  /** Of the format. */
  readonly version: number;
  readonly kind: (typeof KINDS)[number];
  /** 32 hexadecimal digits: which store the file belongs to. */
  readonly storeId: string;
  /** Which log, snapshot or segment of the trail it is. */
  readonly generation: number;
  /** Of a snapshot: the last commit that no log from its generation on repeats. Of a segment: its first entry's number. Of a log: 0. */
  readonly sequence: number;
}

/** A header as bytes. */
export function encodeFileHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(header.version, VERSION_AT);
  bytes.writeUInt32LE(KINDS.indexOf(header.kind), KIND_AT);
  bytes.write(header.storeId, STORE_ID_AT, "hex");
  bytes.writeBigUInt64LE(BigInt(header.generation), GENERATION_AT);
  bytes.writeBigUInt64LE(BigInt(header.sequence), SEQUENCE_AT);
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM_AT);
  return bytes;
}

/** The header of a file; a FileStoreError when it is of a later format or is not what was written. */
export function decodeFileHeader(bytes: Buffer, path: string): FileHeader {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(path, 0, "it does not begin like a file of a store");
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version > FORMAT_VERSION) {
    throw new FileStoreError("store_newer", `${path} has format version ${version}, and this release reads up to ${FORMAT_VERSION}. Nothing was changed; use a later release.`);
  }
  const kind = KINDS[bytes.readUInt32LE(KIND_AT)];
  if (kind === undefined || bytes.readUInt32LE(CHECKSUM_AT) !== checksumOf(bytes)) {
    throw damaged(path, 0, "the checksum of its header is wrong");
  }
  return {
    version,
    kind,
    storeId: bytes.toString("hex", STORE_ID_AT, GENERATION_AT),
    generation: Number(bytes.readBigUInt64LE(GENERATION_AT)),
    sequence: Number(bytes.readBigUInt64LE(SEQUENCE_AT)),
  };
}

/** The seed of every checksum in the file, the header's own: a record of another file never looks valid in this one. */
export function seedOf(header: FileHeader): number {
  return checksumOf(encodeFileHeader(header));
}

/** Could these bytes be the beginning of a header whose writing was cut off? */
export function isTornHeader(bytes: Buffer): boolean {
  return bytes.length < FILE_HEADER_BYTES && MAGIC.subarray(0, bytes.length).equals(bytes.subarray(0, MAGIC.length));
}

/** Of what stands before the checksum: over both together it would be the same for all headers. */
function checksumOf(header: Buffer): number {
  return crc32c(header, 0, CHECKSUM_AT);
}
