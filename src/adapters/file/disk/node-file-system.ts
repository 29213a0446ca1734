import * as fs from "node:fs";
import type { FileSystem, OpenFile, OpenMode } from "./file-system.ts";

const FLAGS: Readonly<Record<OpenMode, string>> = { create: "w+", update: "r+", read: "r" };

/** Only the owner of the process may read what the store keeps. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** The real file system. */
export const nodeFileSystem: FileSystem = {
  list: (directory) => fs.promises.readdir(directory),
  makeDirectory: (directory) => fs.promises.mkdir(directory, { mode: DIRECTORY_MODE }),
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.unlink(path),
  async freeBytes(directory) {
    const { bavail, bsize } = await fs.promises.statfs(directory);
    return bavail * bsize;
  },
  async syncDirectory(directory) {
    // Windows cannot open a directory, and makes renames survive without being asked.
    if (process.platform === "win32") return;
    const handle = await fs.promises.open(directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  open: (path, mode) =>
    new Promise((resolve, reject) => {
      fs.open(path, FLAGS[mode], FILE_MODE, (error, descriptor) => (error ? reject(error) : resolve(toOpenFile(descriptor))));
    }),
};

/** By descriptor and callback: on the path of every commit, and half the cost of a FileHandle. */
function toOpenFile(descriptor: number): OpenFile {
  return {
    size: () => new Promise((resolve, reject) => fs.fstat(descriptor, (error, stats) => (error ? reject(error) : resolve(stats.size)))),
    read: (into, position) =>
      new Promise((resolve, reject) => {
        fs.read(descriptor, into, 0, into.length, position, (error, count) => (error ? reject(error) : resolve(count)));
      }),
    write: (bytes, position) =>
      new Promise((resolve, reject) => {
        fs.write(descriptor, bytes, 0, bytes.length, position, (error, count) => (error ? reject(error) : resolve(count)));
      }),
    datasync: () => new Promise((resolve, reject) => fs.fdatasync(descriptor, (error) => (error ? reject(error) : resolve()))),
    truncate: (length) => new Promise((resolve, reject) => fs.ftruncate(descriptor, length, (error) => (error ? reject(error) : resolve()))),
    close: () => new Promise((resolve, reject) => fs.close(descriptor, (error) => (error ? reject(error) : resolve()))),
  };
}
