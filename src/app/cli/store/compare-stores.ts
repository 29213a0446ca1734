import { isDeepStrictEqual } from "node:util";
import type { Clock, WholeStore } from "../../../domain/ports.ts";
import { CURSOR } from "./copy-store.ts";
import { each, entryPages, recordPages } from "./everything.ts";

/** What expires while two stores are compared may be gone from one of them already. */
interface Expiring {
  readonly expiresAt?: number | undefined;
}

/** In what two stores differ: the first record or entry that is not the same in both, in words; undefined when all are. Versions and the numbers of entries are each store's own. */
export async function findDifference(one: WholeStore, other: WholeStore, clock: Clock, onProgress: (compared: number) => void): Promise<string | undefined> {
  const progress = { compared: 0, count: () => onProgress(++progress.compared) };
  const collections = [...new Set([...(await one.collections()), ...(await other.collections())])].filter((name) => name !== CURSOR.collection);
  for (const collection of collections) {
    const [left, right] = [one, other].map((store) => alive(each(recordPages(store, collection)), clock));
    const found = await firstDifference(left, right, ({ id, value, expiresAt }) => ({ id, value, expiresAt }), progress.count);
    if (found !== undefined) return `the record ${found.id} of ${collection}`;
  }
  const [left, right] = [one, other].map((store) => alive(entriesOf(store), clock));
  const found = await firstDifference(left, right, ({ entry }) => entry, progress.count);
  return found === undefined ? undefined : `the entry ${found.id} of the trail`;
}

async function* entriesOf(store: WholeStore) {
  for await (const { id, entry } of each(entryPages(store))) yield { id, entry, expiresAt: entry.expiresAt };
}

async function* alive<T extends Expiring>(values: AsyncIterable<T>, clock: Clock): AsyncGenerator<T, void, void> {
  for await (const value of values) if (value.expiresAt === undefined || value.expiresAt > clock() + SOON_MS) yield value;
}

/** Records so near their end are not compared. */
const SOON_MS = 60_000;

async function firstDifference<T extends { readonly id: string }>(left: AsyncGenerator<T, void, void> | undefined, right: AsyncGenerator<T, void, void> | undefined, toComparable: (value: T) => unknown, count: () => void): Promise<T | undefined> {
  for (;;) {
    const [one, other] = [(await left?.next())?.value, (await right?.next())?.value];
    if (one === undefined && other === undefined) return undefined;
    if (one === undefined || other === undefined || !isDeepStrictEqual(toComparable(one), toComparable(other))) return one ?? other ?? undefined;
    count();
  }
}
