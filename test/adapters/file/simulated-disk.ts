import type { FileSystem, OpenFile } from "../../../src/adapters/file/disk/file-system.ts";

/** What happened to a simulated disk, in order. Files are numbered: a name may change, the file stays. */
export type DiskOperation =
  | { readonly kind: "make-directory"; readonly path: string }
  | { readonly kind: "create"; readonly path: string; readonly file: number }
  | { readonly kind: "write"; readonly file: number; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly file: number; readonly length: number }
  | { readonly kind: "sync"; readonly file: number }
  | { readonly kind: "sync-directory"; readonly path: string }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "remove"; readonly path: string }
  /** A note by the test: so much was answered by now. */
  | { readonly kind: "note"; readonly acknowledged: number };

/** What a disk holds: its directories, and its files by path. */
export interface DiskImage {
  readonly directories: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Makes an operation fail: throws, or answers how many bytes of a write are taken. Undefined: all goes well. */
export type Fault = (operation: DiskOperation, path: string) => number | undefined;

/** A disk in memory, that remembers every operation and fails when it is told to. */
export interface SimulatedDisk {
  readonly files: FileSystem;
  readonly operations: DiskOperation[];
  fault: Fault;
  /** How many bytes are said to be free. */
  freeBytes: number;
  /** What everybody sees now, synced or not. */
  image(): DiskImage;
}

/** An empty disk. */
export const EMPTY_DISK: DiskImage = { directories: new Set(["/"]), files: new Map() };

/** A disk that holds what an image holds, all of it synced, and on which some operations have happened since. */
export function createDisk(initial: DiskImage = EMPTY_DISK, since: readonly DiskOperation[] = []): SimulatedDisk {
  const state = { names: new Map<string, number>(), contents: new Map<number, Buffer>(), directories: new Set(initial.directories) };
  for (const [path, bytes] of initial.files) {
    state.contents.set(state.contents.size, Buffer.from(bytes));
    state.names.set(path, state.contents.size - 1);
  }
  for (const operation of since) apply(state, operation);
  const disk: SimulatedDisk = {
    operations: [...since],
    fault: () => undefined,
    freeBytes: Number.POSITIVE_INFINITY,
    files: createFiles(state, (operation, path) => {
      const taken = disk.fault(operation, path);
      const done = operation.kind === "write" && taken !== undefined ? { ...operation, bytes: operation.bytes.subarray(0, taken) } : operation;
      disk.operations.push(done);
      apply(state, done);
      return taken;
    }, () => disk.freeBytes),
    image: () => ({
      directories: new Set(state.directories),
      files: new Map([...state.names].map(([path, file]) => [path, Buffer.from(contentOf(state, file))])),
    }),
  };
  return disk;
}

interface DiskState {
  readonly names: Map<string, number>;
  readonly contents: Map<number, Buffer>;
  readonly directories: Set<string>;
}

/** Does the operation, or throws the fault that was asked for. Answers what the fault made of it. */
type Perform = (operation: DiskOperation, path: string) => number | undefined;

function apply(state: DiskState, operation: DiskOperation): void {
  switch (operation.kind) {
    case "make-directory":
      state.directories.add(operation.path);
      return;
    case "create":
      state.contents.set(operation.file, Buffer.alloc(0));
      state.names.set(operation.path, operation.file);
      return;
    case "write":
      state.contents.set(operation.file, overwrite(contentOf(state, operation.file), operation.bytes, operation.position));
      return;
    case "truncate":
      state.contents.set(operation.file, resize(contentOf(state, operation.file), operation.length));
      return;
    case "rename":
      state.names.set(operation.to, state.names.get(operation.from) ?? -1);
      state.names.delete(operation.from);
      return;
    case "remove":
      state.names.delete(operation.path);
      return;
    default:
      return;
  }
}

function createFiles(state: DiskState, perform: Perform, freeBytes: () => number): FileSystem {
  return {
    async list(directory) {
      if (!state.directories.has(directory)) throw systemError("ENOENT", directory);
      return [...state.names.keys()].filter((path) => parentOf(path) === directory).map((path) => path.slice(path.lastIndexOf("/") + 1));
    },
    async makeDirectory(path) {
      perform({ kind: "make-directory", path }, path);
    },
    async syncDirectory(path) {
      perform({ kind: "sync-directory", path }, path);
    },
    async open(path, mode) {
      const known = state.names.get(path);
      if (known === undefined && mode !== "create") throw systemError("ENOENT", path);
      if (known === undefined) perform({ kind: "create", path, file: state.contents.size }, path);
      else if (mode === "create") perform({ kind: "truncate", file: known, length: 0 }, path);
      return openFile(state, known ?? state.contents.size - 1, path, perform);
    },
    async rename(from, to) {
      if (!state.names.has(from)) throw systemError("ENOENT", from);
      perform({ kind: "rename", from, to }, to);
    },
    async remove(path) {
      if (!state.names.has(path)) throw systemError("ENOENT", path);
      perform({ kind: "remove", path }, path);
    },
    freeBytes: async () => freeBytes(),
  };
}

function openFile(state: DiskState, file: number, path: string, perform: Perform): OpenFile {
  return {
    size: async () => contentOf(state, file).length,
    read: async (into, position) => contentOf(state, file).copy(into, 0, position),
    async write(bytes, position) {
      return perform({ kind: "write", file, position, bytes: Buffer.from(bytes) }, path) ?? bytes.length;
    },
    async datasync() {
      perform({ kind: "sync", file }, path);
    },
    async truncate(length) {
      perform({ kind: "truncate", file, length }, path);
    },
    close: async () => undefined,
  };
}

/** The bytes with others written over or behind them; a gap is zeros. */
export function overwrite(content: Buffer, bytes: Buffer, position: number): Buffer {
  const result = resize(content, Math.max(content.length, position + bytes.length));
  bytes.copy(result, position);
  return result;
}

/** The bytes cut off or filled up with zeros. */
export function resize(content: Buffer, length: number): Buffer {
  const result = Buffer.alloc(length);
  content.copy(result);
  return result;
}

/** The directory of a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** An error as the system gives it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function contentOf(state: DiskState, file: number): Buffer {
  return state.contents.get(file) ?? Buffer.alloc(0);
}
