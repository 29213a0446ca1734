import { PackedIds } from "./packed-ids.ts";
import { offsetOf, slotOf, toAddress } from "./value-place.ts";
import type { ValuePlace } from "./value-place.ts";

/*
 * Records in the order of their IDs, without their values, in two arrays beside the IDs:
 *
 *   floats    version, address and expiry of each, 24 bytes
 *   integers  length and encoding of the value, and its checksum, 8 bytes
 */

const FLOATS = 3;
const ADDRESS = 1;
const EXPIRY = 2;
const INTEGERS = 2;
const CHECKSUM = 1;

const LENGTH_BITS = 28;
const LENGTH_MASK = 2 ** LENGTH_BITS - 1;

/** Arrays grow by so many rows: little is reserved that is not used. */
const ROWS_AT_A_TIME = 32;

/** Where a block is split: small enough that an insertion moves little, large enough that blocks are few. */
export const MAX_BLOCK_ROWS = 256;

/** What a block holds of a record beside its ID. */
export interface IndexRow {
  readonly version: number;
  readonly place: ValuePlace;
  readonly expiresAt: number | undefined;
}

/** A sorted stretch of a collection's records. */
export class PackedBlock {
  #floats = new Float64Array(0);
  #integers = new Uint32Array(0);
  readonly #ids = new PackedIds();
  /** Addresses that a snapshot which is being written will give; 0 where there is none. */
  #moved: Float64Array | undefined;
  /** The first ID. */
  firstId = "";
  /** No record expires before; it may be later. */
  minExpiry = Number.POSITIVE_INFINITY;

  get count(): number {
    return this.#ids.count;
  }

  /** How many IDs are below this one. */
  countBelow(id: string): number {
    return this.#ids.countBelow(id);
  }

  /** Does this ID stand there? */
  isAt(id: string, at: number): boolean {
    return this.#ids.isAt(id, at);
  }

  idAt(at: number): string {
    return this.#ids.idAt(at);
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
    this.#shiftRows(at, at + 1);
    this.#ids.insert(at, id);
    this.set(at, row);
    if (at === 0) this.firstId = id;
  }

  /** Takes a record away. */
  remove(at: number): void {
    this.#shiftRows(at + 1, at);
    this.#ids.remove(at);
    if (at === 0) this.firstId = this.count === 0 ? "" : this.idAt(0);
    if (2 * this.count + ROWS_AT_A_TIME < this.#integers.length / INTEGERS) this.fit();
  }

  /** Moves the rows from one place on to another, one up or down. */
  #shiftRows(from: number, to: number): void {
    const count = this.count + to - from;
    if (count > this.#integers.length / INTEGERS) this.#reserve(count);
    this.#floats.copyWithin(to * FLOATS, from * FLOATS, this.count * FLOATS);
    this.#integers.copyWithin(to * INTEGERS, from * INTEGERS, this.count * INTEGERS);
    this.#moved?.copyWithin(to, from, this.count);
  }

  #reserve(count: number): void {
    const rows = Math.ceil(count / ROWS_AT_A_TIME) * ROWS_AT_A_TIME;
    if (rows * INTEGERS === this.#integers.length) return;
    this.#floats = resize(this.#floats, new Float64Array(rows * FLOATS));
    this.#integers = resize(this.#integers, new Uint32Array(rows * INTEGERS));
    if (this.#moved !== undefined) this.#moved = resize(this.#moved, new Float64Array(rows));
  }

  /** Gives back what is not used. */
  fit(): void {
    this.#reserve(this.count);
    this.#ids.fit();
  }

  /** Moves the records from one on to the end of another block, whose IDs are all lower. */
  moveTo(other: PackedBlock, from: number): void {
    for (let at = from; at < this.count; at++) {
      other.insert(other.count, this.idAt(at), { version: this.versionAt(at), place: this.placeAt(at), expiresAt: this.expiryAt(at) });
      other.noteMoved(other.count - 1, this.#moved?.[at] ?? 0);
    }
    other.fit();
    this.#ids.truncate(from);
    this.#reserve(from);
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
