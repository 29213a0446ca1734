import { realpathSync, statSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { FileStoreError } from "../file-store-error.ts";
import { readOwner, takeLockFile } from "./lock-file.ts";
import { hasCode } from "../disk/store-files.ts";

/** The directories that this process has open, by device and inode: a symlink or another spelling is no other directory. */
const owned = new Set<string>();

/** For two seconds in all. */
const MAX_TRIES = 40;
const TRY_AGAIN_MS = 50;

/** How a directory is locked; the defaults are for the system at hand. */
export interface OwnershipOptions {
  /** Linux frees an abstract socket with the process, whatever becomes of it. */
  readonly abstractSocket: boolean;
}

/**
 * Makes this process the only one that has the directory open. Answers how to let it go; a
 * FileStoreError `store_in_use` names who has it. It holds among the processes of one machine that
 * see each other: not over a network file system, and not between containers.
 */
export async function ownDirectory(path: string, options: OwnershipOptions = { abstractSocket: process.platform === "linux" }): Promise<() => Promise<void>> {
  const directory = realpathSync(path);
  const { dev, ino } = statSync(directory, { bigint: true });
  const identity = `${dev}:${ino}`;
  if (owned.has(identity)) throw inUse(directory, "this process, which has it open already");
  owned.add(identity);
  try {
    const socket = options.abstractSocket ? await bindSocket(directory, identity) : undefined;
    const release = takeLock(directory, identity, socket);
    return async () => {
      release();
      await closeServer(socket);
      owned.delete(identity);
    };
  } catch (error) {
    owned.delete(identity);
    throw error;
  }
}

function takeLock(directory: string, identity: string, socket: Server | undefined): () => void {
  try {
    const attempt = takeLockFile(directory, identity);
    if (attempt.owner !== null) throw inUse(directory, `process ${attempt.owner.pid}`);
    return attempt.release;
  } catch (error) {
    socket?.close();
    throw error;
  }
}

/** Who has the socket and no lock yet has just begun, or is about to be gone: in a moment it is known which. */
async function bindSocket(directory: string, identity: string): Promise<Server> {
  for (let tries = 1; ; tries++) {
    try {
      return await listen(`\0actionport-store-${identity}`);
    } catch (error) {
      if (!hasCode(error, "EADDRINUSE")) throw error;
    }
    const owner = readOwner(directory, identity);
    if (owner !== null) throw inUse(directory, `process ${owner.pid}`);
    if (tries === MAX_TRIES) throw inUse(directory, "another process that is just starting");
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

function listen(path: string): Promise<Server> {
  const server = createServer((connection) => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Exclusive: the workers of a cluster would otherwise share one socket, and all believe to own it.
    server.listen({ path, exclusive: true }, () => resolve(server.unref()));
  });
}

function closeServer(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
}

function inUse(directory: string, owner: string): FileStoreError {
  return new FileStoreError("store_in_use", `${directory} is in use by ${owner}. Stop it, or use another directory.`);
}
