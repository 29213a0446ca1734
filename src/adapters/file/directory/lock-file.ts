import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { isObject } from "../../../domain/json.ts";
import { existsProcess, identifySelf, isRunning } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { hasCode } from "../disk/store-files.ts";

/*
 * Lock files are numbered, and the highest counts. Taking over from a dead owner is making the next
 * number, which only one process can; a process that is dead stays so, so nobody's lock is ever
 * taken on an old view of things. The highest is never removed, only marked free: else a slow
 * starter could make a lower number again, and believe in it.
 */

const NAME = /^lock\.(\d{1,15})$/;
const DRAFT_NAME = /^lock-draft-(\d{1,10})-/;

/** What a lock file says. */
interface LockContent {
  readonly owner: ProcessIdentity;
  /** Device and inode of the directory: the lock in a copied directory locks the original. */
  readonly directory: string;
}

/** The lock was taken, or somebody has it. */
export type LockAttempt = { readonly owner: null; release(): void } | { readonly owner: ProcessIdentity };

/** Takes the lock of a directory, or says who has it. */
export function takeLockFile(directory: string, identity: string): LockAttempt {
  const content: LockContent = { owner: identifySelf(), directory: identity };
  // Written elsewhere and linked, so that no lock is ever seen half written.
  const draft = `${directory}/lock-draft-${process.pid}-${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      const highest = Math.max(0, ...lockNumbers(directory));
      const owner = findOwner(`${directory}/lock.${highest}`, identity);
      if (owner !== null) return { owner };
      if (!tryLink(draft, `${directory}/lock.${highest + 1}`)) continue;
      if (Math.max(...lockNumbers(directory)) > highest + 1) tryUnlink(`${directory}/lock.${highest + 1}`);
      else return hold(directory, highest + 1);
    }
  } finally {
    unlinkSync(draft);
  }
}

/** Who holds the lock file, when it is somebody who runs. */
function findOwner(path: string, directory: string): ProcessIdentity | null {
  const content = readLock(path);
  return content?.directory === directory && isRunning(content.owner) ? content.owner : null;
}

/** The one who has the directory locked, as far as its lock file says. */
export function readOwner(directory: string, identity: string): ProcessIdentity | null {
  return findOwner(`${directory}/lock.${Math.max(0, ...lockNumbers(directory))}`, identity);
}

function readLock(path: string): LockContent | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isLockContent(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isLockContent(content: unknown): content is LockContent {
  return isObject(content) && typeof content["directory"] === "string" && isObject(content["owner"]) && Number.isInteger(content["owner"]["pid"]);
}

function lockNumbers(directory: string): readonly number[] {
  return readdirSync(directory).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function hold(directory: string, number: number): LockAttempt {
  for (const lower of lockNumbers(directory)) if (lower < number) tryUnlink(`${directory}/lock.${lower}`);
  for (const name of readdirSync(directory)) if (isAbandonedDraft(name)) tryUnlink(`${directory}/${name}`);
  return { owner: null, release: () => writeFileSync(`${directory}/lock.${number}`, "free\n") };
}

function isAbandonedDraft(name: string): boolean {
  const pid = DRAFT_NAME.exec(name)?.[1];
  return pid !== undefined && !existsProcess(Number(pid));
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
