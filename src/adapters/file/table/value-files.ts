import { readAll } from "../disk/file-system.ts";
import type { OpenFile } from "../disk/file-system.ts";
import { createDeferred } from "../log/deferred.ts";
import type { Deferred } from "../log/deferred.ts";
import { damaged } from "../file-store-error.ts";
import { IN_MEMORY, MAX_SLOTS } from "./value-place.ts";

interface ValueFile {
  readonly path: string;
  readonly file: OpenFile;
  readers: number;
  /** Settles when nobody reads it any more; set when it is no longer wanted. */
  unread: Deferred<void> | undefined;
}

/** The files that values stand in, by slot. They are open for as long as somebody may read them. */
export class ValueFiles {
  readonly #files: (ValueFile | undefined)[] = [];

  /** Takes a file over: it is closed here. Answers its slot. */
  add(path: string, file: OpenFile): number {
    let slot = IN_MEMORY + 1;
    while (this.#files[slot] !== undefined) slot++;
    if (slot >= MAX_SLOTS) throw new Error("too many files are open");
    this.#files[slot] = { path, file, readers: 0, unread: undefined };
    return slot;
  }

  /** The slots that are taken. */
  slots(): readonly number[] {
    return this.#files.flatMap((file, slot) => (file === undefined ? [] : [slot]));
  }

  /** From now on until {@link release} the file stays open. */
  acquire(slot: number): void {
    const file = this.#files[slot];
    if (file !== undefined) file.readers++;
  }

  release(slot: number): void {
    const file = this.#files[slot];
    if (file === undefined) return;
    file.readers--;
    if (file.readers === 0) file.unread?.resolve();
  }

  /** Bytes of a file that was acquired. */
  async read(slot: number, offset: number, length: number): Promise<Buffer> {
    const { path, file } = this.#at(slot);
    const bytes = Buffer.allocUnsafe(length);
    if ((await readAll(file, bytes, offset)) < length) throw damaged(path, offset, "the file ends too early");
    return bytes;
  }

  pathOf(slot: number): string {
    return this.#at(slot).path;
  }

  #at(slot: number): ValueFile {
    const file = this.#files[slot];
    if (file === undefined) throw new Error(`there is no file in slot ${slot}`);
    return file;
  }

  /** Closes a file that no record refers to any more, as soon as nobody reads it. */
  async retire(slot: number): Promise<void> {
    const file = this.#at(slot);
    if (file.readers > 0) await (file.unread ??= createDeferred<void>()).promise;
    this.#files[slot] = undefined;
    await file.file.close();
  }

  /** Closes all files. */
  async close(): Promise<void> {
    for (const slot of this.slots()) await this.retire(slot);
  }
}
