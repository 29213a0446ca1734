import { readAll } from "./file-system.ts";
import type { OpenFile } from "./file-system.ts";

/** How much of a file is in memory at a time. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** A part of a file in memory, that moves on as it is read. */
export class FileWindow {
  readonly #file: OpenFile;
  /** Of the file, in bytes. */
  readonly size: number;
  bytes: Buffer = Buffer.alloc(0);
  /** Where in the file the part begins. */
  start = 0;

  constructor(file: OpenFile, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Another part of the same file. */
  again(): FileWindow {
    return new FileWindow(this.#file, this.size);
  }

  /** Are all these bytes in memory? */
  has(position: number, length: number): boolean {
    return position >= this.start && position + length <= this.start + this.bytes.length;
  }

  /** Brings in what begins at the position, at least that many bytes when the file has them. */
  async load(position: number, length: number): Promise<void> {
    const room = Math.min(Math.max(length, WINDOW_BYTES), Math.max(0, this.size - position));
    const into = Buffer.allocUnsafe(room);
    this.bytes = into.subarray(0, await readAll(this.#file, into, position));
    this.start = position;
    if (this.bytes.length < room) throw new Error(`the file ended at byte ${position + this.bytes.length} and not at ${this.size}`);
  }
}
