import type { Change, JsonObject, KeptEntry, RecordStore, TrailEntry } from "../../src/domain/index.ts";
import { ABSENT } from "../../src/domain/ports.ts";

export const FAR = 4_000_000_000_000;

export function put(id: string, basedOn = ABSENT, value: JsonObject = {}): Change {
  return { kind: "put", collection: "things", id, basedOn, value };
}

/** An entry of which only this is of interest. */
export function entryOf(n: number, expiresAt = FAR): TrailEntry {
  return { at: n, expiresAt, action: "count", subject: null, identity: "somebody", value: { n } };
}

export async function versionOf(store: RecordStore, id: string): Promise<number> {
  return (await store.read("things", [id]))[0]?.version ?? ABSENT;
}

/** The value of a counter's record, 0 when it is not there. */
export async function countOf(store: RecordStore, id: string): Promise<number> {
  return Number((await store.read("things", [id]))[0]?.value["n"] ?? 0);
}

/** The whole trail, from the oldest entry on. */
export async function readTrail(store: RecordStore): Promise<readonly KeptEntry[]> {
  const all: KeptEntry[] = [];
  for (let page = await store.trail({ limit: 500 }); ; page = await store.trail({ limit: 500, after: page.next })) {
    all.push(...page.entries);
    if (page.next === null) return all;
  }
}
