import { readFileSync } from "node:fs";

/** What docs/errors.md says: the statuses of each failure code. */
export const FAILURE_TABLE: ReadonlyMap<string, ReadonlySet<number>> = readTable(readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8"));

function readTable(page: string): ReadonlyMap<string, ReadonlySet<number>> {
  const table = new Map<string, Set<number>>();
  for (const [, status, code = ""] of page.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)) table.set(code, (table.get(code) ?? new Set()).add(Number(status)));
  // "A `malformed_request` too, under the status that HTTP has for it": 408, 417, …
  const paragraph = /^A request that HTTP itself has something against[^]*?\n\n/m.exec(page)?.[0] ?? "";
  for (const [status] of paragraph.matchAll(/\b[45]\d\d\b/g)) table.get("malformed_request")?.add(Number(status));
  if (table.size < 10) throw new Error("docs/errors.md has no table of failures any more");
  return table;
}
