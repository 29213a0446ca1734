/*
 * Sorted IDs: what all of them begin with once, and behind it the rest of each, one after the other,
 * by Latin-1 where that holds it, else by UTF-16. IDs of one collection mostly begin alike: with
 * whose they are, or what they belong to.
 */

const UTF16_FLAG = 0x8000_0000;
const END_MASK = 0x7fff_ffff;

/** Arrays grow by so many rows, or by so many bytes and an eighth of them: little is reserved that is not used. */
const ROWS_AT_A_TIME = 32;
const BYTES_AT_A_TIME = 512;

/** Fewer code units are not worth writing all IDs again. */
const WORTH_SHARING = 8;

const NOT_LATIN1 = /[^\0-\xff]/;

/** A sorted stretch of IDs (by UTF-16 code units). */
export class PackedIds {
  #prefix = "";
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the rest of each ends, and how it is written. */
  #ends = new Uint32Array(0);
  count = 0;

  /** How many IDs are below this one. */
  countBelow(id: string): number {
    if (!id.startsWith(this.#prefix)) return id < this.#prefix ? 0 : this.count;
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
    return at < this.count && id.startsWith(this.#prefix) && this.#compare(id, at) === 0;
  }

  /** Of an ID that begins as all do: as `<` compares texts. */
  #compare(id: string, at: number): number {
    const start = this.#start(at);
    const end = this.#end(at);
    const from = this.#prefix.length;
    if (this.#isUtf16(at)) return compareTexts(id.slice(from), this.#bytes.toString("utf16le", start, end));
    const shared = Math.min(id.length - from, end - start);
    for (let n = 0; n < shared; n++) {
      const difference = id.charCodeAt(from + n) - (this.#bytes[start + n] ?? 0);
      if (difference !== 0) return difference;
    }
    return id.length - from - (end - start);
  }

  #isUtf16(at: number): boolean {
    return ((this.#ends[at] ?? 0) & UTF16_FLAG) !== 0;
  }

  #end(at: number): number {
    return (this.#ends[at] ?? 0) & END_MASK;
  }

  #start(at: number): number {
    return at === 0 ? 0 : this.#end(at - 1);
  }

  idAt(at: number): string {
    return this.#prefix + this.#bytes.toString(this.#isUtf16(at) ? "utf16le" : "latin1", this.#start(at), this.#end(at));
  }

  /** Puts an ID before the one that stands there. */
  insert(at: number, id: string): void {
    if (this.count > 0 && !id.startsWith(this.#prefix)) this.#share(this.#prefix.slice(0, sharedLength(id, this.#prefix)));
    const rest = id.slice(this.#prefix.length);
    const isLatin1 = !NOT_LATIN1.test(rest);
    const bytes = isLatin1 ? rest.length : 2 * rest.length;
    const start = this.#start(at);
    if (this.count === this.#ends.length) this.#ends = resize(this.#ends, this.count + 1);
    this.#ends.copyWithin(at + 1, at, this.count);
    this.#shift(at + 1, this.count + 1, start, bytes);
    this.count++;
    this.#bytes.write(rest, start, isLatin1 ? "latin1" : "utf16le");
    this.#ends[at] = start + bytes + (isLatin1 ? 0 : UTF16_FLAG);
  }

  /** Takes an ID away. */
  remove(at: number): void {
    const start = this.#start(at);
    const end = this.#end(at);
    const used = this.#end(this.count - 1);
    this.#bytes.copyWithin(start, end, used);
    this.#ends.copyWithin(at, at + 1, this.count);
    this.count--;
    for (let row = at; row < this.count; row++) this.#ends[row] = (this.#ends[row] ?? 0) - (end - start);
    if (this.count === 0) this.#prefix = "";
  }

  /** Moves the bytes from `start` on, and the ends of the rows from one on and before another, up. */
  #shift(from: number, to: number, start: number, by: number): void {
    const used = this.count === 0 ? 0 : this.#end(from === to ? this.count - 1 : to - 1);
    if (used + by > this.#bytes.length) this.#reserve(used + by + ((used + by) >>> 3));
    if (start < used) this.#bytes.copyWithin(start + by, start, used);
    for (let row = from; row < to; row++) this.#ends[row] = (this.#ends[row] ?? 0) + by;
  }

  #reserve(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.ceil(bytes / BYTES_AT_A_TIME) * BYTES_AT_A_TIME);
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }

  /** Keeps the first ones only, and gives back what is not used. */
  truncate(count: number): void {
    this.count = count;
    if (count === 0) this.#prefix = "";
    this.fit();
  }

  /** Gives back what is not used, and keeps what all begin with once. To be called when not much more is to come. */
  fit(): void {
    this.#ends = resize(this.#ends, this.count);
    this.#tighten();
    this.#reserve(this.#start(this.count));
  }

  /** What the first and the last begin with all do. */
  #tighten(): void {
    if (this.count < 2) return;
    const first = this.idAt(0);
    const length = sharedLength(first, this.idAt(this.count - 1));
    if (length >= this.#prefix.length + WORTH_SHARING) this.#share(first.slice(0, length));
  }

  /** Writes all of them again behind what they begin with from now on. */
  #share(prefix: string): void {
    const rests: string[] = [];
    for (let at = 0; at < this.count; at++) rests.push(this.idAt(at).slice(prefix.length));
    this.#prefix = prefix;
    this.#bytes = Buffer.alloc(0);
    this.#reserve(rests.reduce((bytes, rest) => bytes + (NOT_LATIN1.test(rest) ? 2 : 1) * rest.length, 0));
    let end = 0;
    for (const [at, rest] of rests.entries()) {
      const isLatin1 = !NOT_LATIN1.test(rest);
      end += this.#bytes.write(rest, end, isLatin1 ? "latin1" : "utf16le");
      this.#ends[at] = end + (isLatin1 ? 0 : UTF16_FLAG);
    }
  }
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && length < other.length && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}

function resize(from: Uint32Array<ArrayBuffer>, count: number): Uint32Array<ArrayBuffer> {
  const rows = Math.ceil(count / ROWS_AT_A_TIME) * ROWS_AT_A_TIME;
  if (rows === from.length) return from;
  const to = new Uint32Array(rows);
  to.set(from.length <= to.length ? from : from.subarray(0, to.length));
  return to;
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
