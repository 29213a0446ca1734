import { existsSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { misused } from "./fault.ts";
import type { Session } from "./session.ts";

/** Is there a directory of this path? */
export function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** The path of a directory in which something is to be made. Misuse where there is something already. */
export function newDirectory({ directory }: Pick<Session, "directory">, given: string): string {
  const path = resolve(directory, given);
  if (!existsSync(path)) return path;
  if (!isDirectory(path)) throw misused(`${given} is no directory; give a new one.`);
  if (readdirSync(path).length > 0) throw misused(`${given} is not empty; give a new directory.`);
  return path;
}
