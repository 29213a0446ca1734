import type { Breath } from "../execution/time/breath.ts";
import { textLength } from "../json.ts";
import { FEW, nextCount, PAGE_LENGTH } from "../page.ts";
import type { KeptEntry, RecordStore, TrailPage, TrailQuery } from "../ports.ts";

/** What reads pages of the trail. */
export interface TrailReader {
  readonly store: Pick<RecordStore, "trail">;
  readonly breath: Breath;
}

/** A page of the trail that ends early where its entries are large: they have whole records, and two hundred of those may be more than memory holds. */
export async function readPage({ store, breath }: TrailReader, query: TrailQuery): Promise<TrailPage> {
  const entries: KeptEntry[] = [];
  let { after } = query;
  let length = 0;
  for (let count = FEW; ; count = nextCount(count, PAGE_LENGTH - length, length / entries.length)) {
    const pausing = breath.take();
    if (pausing !== undefined) await pausing;
    const limit = Math.min(count, query.limit - entries.length);
    const page = await store.trail({ ...query, limit, ...(after === undefined ? {} : { after }) });
    // What has been read so far is told first.
    if (page.lost === true) return entries.length === 0 || after === undefined ? page : { entries, next: after };
    for (const entry of page.entries) {
      entries.push(entry);
      length += textLength(entry.value);
    }
    if (page.next === null || page.entries.length < limit || entries.length >= query.limit || length >= PAGE_LENGTH) return { entries, next: page.next };
    after = page.next;
  }
}
