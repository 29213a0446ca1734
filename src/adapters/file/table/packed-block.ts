import { offsetOf, slotOf, toAddress } from "./value-place.ts";
import type { ValuePlace } from "./value-place.ts";

/*
 * Records in the order of their IDs, without their values, in three arrays:
 *
 *   floats    version, address and expiry of each, 24 bytes
 *   integers  length and encoding of the value, its checksum, and where the ID ends, 12 bytes
 *   ids       the IDs one after the other, by Latin-1 where that holds them, else by UTF-16
 */

const FLOATS = 3;
const ADDRESS = 1;
const EXPIRY = 2;
const INTEGERS = 3;
const CHECKSUM = 1;
const ID_END = 2;

const LENGTH_BITS = 28;
const LENGTH_MASK = 2 ** LENGTH_BITS - 1;
const UTF16_FLAG = 0x8000_0000;
const ID_END_MASK = 0x7fff_ffff;

/** Arrays grow by so many rows, or by so many bytes and an eighth of the IDs: little is reserved that is not used. */
const ROWS_AT_A_TIME = 32;
const ID_BYTES_AT_A_TIME = 512;

/** Where a block is split: small enough that an insertion moves little, large enough that blocks are few. */
export const MAX_BLOCK_ROWS = 256;

const NOT_LATIN1 = /[^\0-\xff]/;

/** What a block holds of a record beside its ID. */
export interface IndexRow {
  readonly version: number;
  readonly place: ValuePlace;
  readonly expiresAt: number | undefined;
}

/** A sorted run of a collection's records. */
export class PackedBlock {
  #floats = new Float64Array(0);
  #integers = new Uint32Array(0);
  #ids: Buffer = Buffer.alloc(0);
  #idBytes = 0;
  /** Addresses that a snapshot which is being written will give; 0 where there is none. */
  #moved: Float64Array | undefined;
  count = 0;
  /** The first ID. */
  firstId = "";
  /** No record expires before; it may be later. */
  minExpiry = Number.POSITIVE_INFINITY;

  /** How many IDs are below this one. */
  countBelow(id: string): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(id, middle) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Does this ID stand there? */
  isAt(id: string, at: number): boolean {
    return at < this.count && this.#compare(id, at) === 0;
  }

  /** Of UTF-16 code units, as `<` compares texts. */
  #compare(id: string, at: number): number {
    const start = this.#idStart(at);
    const end = this.#idEnd(at);
    const ids = this.#ids;
    if (this.#isUtf16(at)) return compareTexts(id, ids.toString("utf16le", start, end));
    const shared = Math.min(id.length, end - start);
    for (let n = 0; n < shared; n++) {
      const difference = id.charCodeAt(n) - (ids[start + n] ?? 0);
      if (difference !== 0) return difference;
    }
    return id.length - (end - start);
  }

  #isUtf16(at: number): boolean {
    return ((this.#integers[at * INTEGERS + ID_END] ?? 0) & UTF16_FLAG) !== 0;
  }

  #idEnd(at: number): number {
    return (this.#integers[at * INTEGERS + ID_END] ?? 0) & ID_END_MASK;
  }

  #idStart(at: number): number {
    return at === 0 ? 0 : this.#idEnd(at - 1);
  }

  idAt(at: number): string {
    return this.#ids.toString(this.#isUtf16(at) ? "utf16le" : "latin1", this.#idStart(at), this.#idEnd(at));
  }

  /** How many bytes the ID takes. */
  idBytesAt(at: number): number {
    return this.#idEnd(at) - this.#idStart(at);
  }

  versionAt(at: number): number {
    return this.#floats[at * FLOATS] ?? 0;
  }

  expiryAt(at: number): number {
    return this.#floats[at * FLOATS + EXPIRY] ?? 0;
  }

  valueBytesAt(at: number): number {
    return (this.#integers[at * INTEGERS] ?? 0) & LENGTH_MASK;
  }

  placeAt(at: number): ValuePlace {
    const address = this.#floats[at * FLOATS + ADDRESS] ?? 0;
    const length = this.#integers[at * INTEGERS] ?? 0;
    return { slot: slotOf(address), offset: offsetOf(address), bytes: length & LENGTH_MASK, encoding: length >>> LENGTH_BITS, checksum: this.#integers[at * INTEGERS + CHECKSUM] ?? 0 };
  }

  /** Replaces all but the ID. */
  set(at: number, { version, place, expiresAt = Number.POSITIVE_INFINITY }: IndexRow): void {
    this.#floats[at * FLOATS] = version;
    this.#floats[at * FLOATS + EXPIRY] = expiresAt;
    this.#integers[at * INTEGERS] = place.bytes + place.encoding * 2 ** LENGTH_BITS;
    this.#integers[at * INTEGERS + CHECKSUM] = place.checksum;
    this.setAddress(at, place.slot, place.offset);
    if (expiresAt < this.minExpiry) this.minExpiry = expiresAt;
  }

  /** The value stands elsewhere from now on. */
  setAddress(at: number, slot: number, offset: number): void {
    this.#floats[at * FLOATS + ADDRESS] = toAddress(slot, offset);
    if (this.#moved !== undefined) this.#moved[at] = 0;
  }

  /** Puts a record before the one that stands there. */
  insert(at: number, id: string, row: IndexRow): void {
    const isLatin1 = !NOT_LATIN1.test(id);
    const bytes = isLatin1 ? id.length : 2 * id.length;
    const start = this.#idStart(at);
    this.#shiftRows(at, at + 1);
    this.#shiftIds(at + 1, start, bytes);
    this.#ids.write(id, start, isLatin1 ? "latin1" : "utf16le");
    this.#integers[at * INTEGERS + ID_END] = start + bytes + (isLatin1 ? 0 : UTF16_FLAG);
    this.set(at, row);
    if (at === 0) this.firstId = id;
  }

  /** Takes a record away. */
  remove(at: number): void {
    const start = this.#idStart(at);
    const end = this.#idEnd(at);
    this.#shiftRows(at + 1, at);
    this.#shiftIds(at, end, start - end);
    if (at === 0) this.firstId = this.count === 0 ? "" : this.idAt(0);
    if (2 * this.count + ROWS_AT_A_TIME < this.#integers.length / INTEGERS) this.#fit();
  }

  /** Moves the rows from one place on to another, one up or down. */
  #shiftRows(from: number, to: number): void {
    const count = this.count + to - from;
    if (count > this.#integers.length / INTEGERS) this.#reserve(count);
    this.#floats.copyWithin(to * FLOATS, from * FLOATS, this.count * FLOATS);
    this.#integers.copyWithin(to * INTEGERS, from * INTEGERS, this.count * INTEGERS);
    this.#moved?.copyWithin(to, from, this.count);
    this.count = count;
  }

  #reserve(count: number): void {
    const rows = Math.ceil(count / ROWS_AT_A_TIME) * ROWS_AT_A_TIME;
    this.#floats = resize(this.#floats, new Float64Array(rows * FLOATS));
    this.#integers = resize(this.#integers, new Uint32Array(rows * INTEGERS));
    if (this.#moved !== undefined) this.#moved = resize(this.#moved, new Float64Array(rows));
  }

  /** Moves the bytes of the IDs behind one, which begin at `start`. */
  #shiftIds(row: number, start: number, by: number): void {
    const used = this.#idBytes;
    this.#idBytes += by;
    if (this.#idBytes > this.#ids.length) this.#reserveIds(this.#idBytes + (this.#idBytes >>> 3));
    if (start < used) this.#ids.copyWithin(start + by, start, used);
    for (let index = row * INTEGERS + ID_END; index < this.count * INTEGERS; index += INTEGERS) this.#integers[index] = (this.#integers[index] ?? 0) + by;
  }

  #reserveIds(bytes: number): void {
    const ids = Buffer.allocUnsafeSlow(Math.ceil(bytes / ID_BYTES_AT_A_TIME) * ID_BYTES_AT_A_TIME);
    this.#ids.copy(ids);
    this.#ids = ids;
  }

  /** Gives back what is not used. */
  #fit(): void {
    this.#reserve(this.count);
    this.#reserveIds(this.#idBytes);
  }

  /** Moves the records from one on to the end of another block, whose IDs are all lower. */
  moveTo(other: PackedBlock, from: number): void {
    for (let at = from; at < this.count; at++) {
      other.insert(other.count, this.idAt(at), { version: this.versionAt(at), place: this.placeAt(at), expiresAt: this.expiryAt(at) });
      other.noteMoved(other.count - 1, this.#moved?.[at] ?? 0);
    }
    this.count = from;
    this.#idBytes = this.#idStart(from);
    this.#fit();
  }

  /** Is there an address that was noted? */
  get isMoving(): boolean {
    return this.#moved !== undefined;
  }

  /** Notes the address that a record's present value will have; 0 takes it back. */
  noteMoved(at: number, address: number): void {
    if (address !== 0) this.#moved ??= new Float64Array(this.#integers.length / INTEGERS);
    if (this.#moved !== undefined) this.#moved[at] = address;
  }

  /** The addresses that were noted take the place of the present ones, or are forgotten. */
  endMove(isDone: boolean): void {
    const moved = this.#moved;
    this.#moved = undefined;
    if (moved === undefined || !isDone) return;
    for (let at = 0; at < this.count; at++) {
      const address = moved[at] ?? 0;
      if (address !== 0) this.#floats[at * FLOATS + ADDRESS] = address;
    }
  }

  /** How early a record of the block expires, exactly. */
  measureExpiry(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < this.count; at++) earliest = Math.min(earliest, this.expiryAt(at));
    this.minExpiry = earliest;
  }
}

/** What is in an array, in a larger or smaller one. */
function resize<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from.length <= to.length ? from : from.subarray(0, to.length));
  return to;
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
