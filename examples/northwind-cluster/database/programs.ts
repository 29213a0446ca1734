import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where Debian keeps the programs of each release, beside the path. */
const RELEASES = "/usr/lib/postgresql";

/** Where a program of PostgreSQL is, of the latest release that is installed. */
export function findProgram(name: string): string {
  const releases = existsSync(RELEASES) ? readdirSync(RELEASES).sort((one, other) => Number(other) - Number(one)) : [];
  const found = releases.map((release) => join(RELEASES, release, "bin", name)).find((path) => existsSync(path));
  return found ?? name;
}

/** Whom a program runs as; nothing: whoever started this. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL does not run as root: then it is its own user where there is one, else nobody. */
export function findOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [idOf("-u", name), idOf("-g", name)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody; start this as somebody else");
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    return undefined;
  }
}
