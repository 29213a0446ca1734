/**
 * What the file store asks of a file system, so that tests can record every operation, make any of
 * them fail, and build the disk that a power cut would leave behind.
 */
export interface FileSystem {
  /** The names in a directory; rejects with ENOENT when there is none. */
  list(directory: string): Promise<readonly string[]>;
  /** Makes one directory in an existing one; rejects with EEXIST when it is there. */
  makeDirectory(directory: string): Promise<void>;
  /** Makes what was created, renamed and removed in a directory survive a power cut. */
  syncDirectory(directory: string): Promise<void>;
  /** `create` makes or empties the file; `update` and `read` want it to be there. */
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Replaces `to` in one step. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** How many bytes are free where a directory is. */
  freeBytes(directory: string): Promise<number>;
}

/** How a file is opened; see {@link FileSystem.open}. */
export type OpenMode = "create" | "update" | "read";

/** An open file. */
export interface OpenFile {
  /** In bytes. */
  size(): Promise<number>;
  /** How many bytes were read into the buffer: 0 at the end, and may be fewer than fit. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** How many bytes were written: may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Makes the file's bytes and length survive a power cut. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Writes all the bytes, in as many steps as the system wants. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(done === 0 ? bytes : bytes.subarray(done), position + done);
    if (written <= 0) throw new Error(`the file system took none of ${bytes.length - done} bytes`);
    done += written;
  }
}

/** Reads until the buffer is full or the file ends; answers how many bytes there were. */
export async function readAll(file: OpenFile, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const count = await file.read(into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Makes a whole file appear under its name at once, or not at all, and survive. */
export async function createWhole(files: FileSystem, directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${directory}/${name}.tmp`;
  const file = await files.open(temporary, "create");
  try {
    await writeAll(file, bytes, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, `${directory}/${name}`);
  await files.syncDirectory(directory);
}
