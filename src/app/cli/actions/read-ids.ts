import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { misused } from "../fault.ts";
import { readAll } from "../read-all.ts";
import type { Session } from "../session.ts";

/**
 * IDs of subjects, a line each, from a file or from stdin (`-`); empty lines are passed over. A line of JSON with an `id`, as `subjects --json` writes them, stands for
 * that.
 */
export async function readIds(session: Session, file: string): Promise<readonly (string | number)[]> {
  const text = file === "-" ? await readAll(session.stdin) : readIdsFile(file, session.directory);
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "").map(toId);
}

function readIdsFile(file: string, directory: string): string {
  try {
    return readFileSync(resolve(directory, file), "utf8");
  } catch (error) {
    throw misused(`--ids-file: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function toId(line: string, at: number): string | number {
  if (!line.startsWith("{")) return line;
  const parsed = parse(line);
  const id = typeof parsed === "object" && parsed !== null && "id" in parsed ? parsed.id : undefined;
  if (typeof id === "string" || typeof id === "number") return id;
  throw misused(`--ids-file: the ${at + 1}. line is no ID, and no JSON with an "id".`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
