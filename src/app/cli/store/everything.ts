import type { StoredRecord, WholeEntry, WholeStore } from "../../../domain/ports.ts";

/** How many are asked for at once. */
const PAGE = 500;

/** All records of a collection behind an ID, in the order of the IDs, some at a time. */
export async function* recordPages(store: WholeStore, collection: string, after?: string): AsyncGenerator<readonly StoredRecord[], void, void> {
  for (let behind: string | null | undefined = after; behind !== null; ) {
    const page = await store.list(collection, { ...(behind !== undefined && { after: behind }), limit: PAGE, passing: true });
    yield page.records;
    behind = page.next;
  }
}

/** All entries of the trail behind one, in order, some at a time. */
export async function* entryPages(store: WholeStore, after?: string): AsyncGenerator<readonly WholeEntry[], void, void> {
  for (let behind = after; ; ) {
    const entries = await store.entries({ ...(behind !== undefined && { after: behind }), limit: PAGE });
    if (entries.length === 0) return;
    yield entries;
    behind = entries.at(-1)?.id;
  }
}

/** One by one what comes in pages. */
export async function* each<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T, void, void> {
  for await (const page of pages) yield* page;
}
