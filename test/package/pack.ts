import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");
/** Where the tests of this folder find the tarball, and the directory that it is installed in. */
export const DIST = join(import.meta.dirname, "dist");
export const TARBALL = join(DIST, "actionport.tgz");
export const CONSUMER = join(DIST, "consumer");
/** The package as it is installed there. */
export const INSTALLED = join(CONSUMER, "node_modules/actionport");

/** What is made here and not in a clone; see .gitignore. */
const IGNORED: ReadonlySet<string> = new Set([".git", ".data", "build", "dist", "node_modules"]);

/** Packs what somebody who clones has: no build that lies about comes along. Answers after npm has built and packed it. */
export function packFreshClone(tarball: string): void {
  const clone = mkdtempSync(join(tmpdir(), "actionport-clone-"));
  try {
    cpSync(ROOT, clone, { recursive: true, filter: (path) => path === ROOT || !IGNORED.has(basename(path)) });
    symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
    const packed = mkdtempSync(join(clone, "packed-"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: clone, stdio: ["ignore", "ignore", "inherit"] });
    const [name = ""] = readdirSync(packed);
    mkdirSync(dirname(tarball), { recursive: true });
    cpSync(join(packed, name), tarball);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

/** Installs the tarball into an empty directory, with nothing to fetch anything from. */
export function installInto(directory: string, tarball: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  execFileSync("npm", ["install", "--silent", "--offline", "--ignore-scripts", tarball], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
}

if (import.meta.filename === process.argv[1]) {
  rmSync(DIST, { recursive: true, force: true });
  packFreshClone(TARBALL);
  installInto(CONSUMER, TARBALL);
}
