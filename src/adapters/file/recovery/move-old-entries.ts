import { isJsonObject } from "../../../domain/json.ts";
import type { Json } from "../../../domain/json.ts";
import type { StoredRecord, SubjectReference, TrailEntry } from "../../../domain/ports.ts";
import type { DiskTable } from "../table/disk-table.ts";
import { keysOf } from "../trail/entry-keys.ts";
import { encodeEntry, measureEntry } from "../trail/entry-payload.ts";
import type { Trail } from "../trail/trail.ts";

/** Where the earlier format kept what is the trail now: as records, whose IDs rise with time. */
const OLD_ENTRIES = "actionport.audit";

const PAGE = 500;

/**
 * Moves entries that were records into the trail, which has none yet. Nothing depends on it until a
 * snapshot without these records takes its name: should it be cut short, it begins again.
 */
export async function moveOldEntries(table: DiskTable, trail: Trail, version: number): Promise<void> {
  for (let page = await table.list(OLD_ENTRIES, { limit: PAGE }); page.records.length > 0; page = await table.list(OLD_ENTRIES, { limit: PAGE })) {
    for (const record of page.records) {
      const entry = measureEntry(toEntry(record));
      const payload = Buffer.allocUnsafe(entry.bytes);
      encodeEntry(payload, 0, entry);
      trail.append(version, entry.entry, keysOf(entry.entry), payload);
      table.remove(OLD_ENTRIES, record.id);
    }
    await trail.safe(version);
  }
}

/** The ID goes: entries have those of the trail. */
function toEntry({ value: { id: _, ...value }, expiresAt = Number.MAX_SAFE_INTEGER }: StoredRecord): TrailEntry {
  const identity = value["identity"];
  return {
    at: Date.parse(textOf(value["when"])) || 0,
    expiresAt,
    action: textOf(value["action"]),
    identity: isJsonObject(identity) ? textOf(identity["id"]) : "",
    subject: toReference(value["subject"]),
    value,
  };
}

function toReference(subject: Json | undefined): SubjectReference | null {
  return isJsonObject(subject) ? { class: textOf(subject["class"]), id: textOf(subject["id"]) } : null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
