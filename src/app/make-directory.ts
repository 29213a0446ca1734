import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory unless it is there, with those above it that are missing. Without the option `recursive`, with which Node 20 tries for ever below
 * a directory that lets none be made in it and says ENOENT, as /proc does.
 */
export function makeDirectory(path: string, mode = 0o777): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}
