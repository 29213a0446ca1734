import type { JsonObject } from "../../domain/json.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { ABSENT } from "../../domain/ports.ts";
import type { Change, Observe, RecordStore, StoredRecord } from "../../domain/ports.ts";
import { unavailable } from "./oauth-error.ts";

/**
 * All that decides whether a token may act, in one collection, so that one round trip reads it:
 * `client:<id>`, `user:<id>`, `role:<name>`, `grant:<id>`, `revoked:<jti>`.
 */
export const AUTHORITY = "oauth.authority";

/** The record store as the endpoints use it: any failure of it is the 503. */
export interface OAuthStore {
  /** As {@link RecordStore.read}. */
  read(collection: string, ids: readonly string[]): Promise<readonly (StoredRecord | undefined)[]>;
  find(collection: string, id: string): Promise<StoredRecord | undefined>;
  /** All records of a collection whose ID begins so, in order. */
  listAll(collection: string, prefix: string): Promise<readonly StoredRecord[]>;
  /** Keeps all changes, or answers false when one of the records has changed meanwhile. */
  commit(changes: readonly Change[]): Promise<boolean>;
  /** Changes an existing record, again on fresh data when somebody was faster; undefined when there is none. */
  update(collection: string, id: string, change: (value: JsonObject) => JsonObject): Promise<JsonObject | undefined>;
  /** Settles when nothing that was read or written here can be taken back by a crash. */
  durable(): Promise<void>;
  /** An answer, or a refusal that is thrown, held back until then: a refusal too tells what was read. */
  answerDurably<T>(work: () => Promise<T>): Promise<T>;
}

const PAGE_SIZE = 200;
const MAX_TRIES = 20;

/** Wraps a store; causes of failure go to `observe`. */
export function createOAuthStore(store: RecordStore, observe: Observe): OAuthStore {
  const orUnavailable = async <T>(work: () => MaybePromise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      observe({ event: "oauth.store_failed", error });
      throw unavailable();
    }
  };
  const read = (collection: string, ids: readonly string[]) => orUnavailable(() => store.read(collection, ids));
  const find = async (collection: string, id: string) => (await read(collection, [id]))[0];
  const commit = async (changes: readonly Change[]) => (await orUnavailable(() => store.commit(changes))).committed;
  const durable = () => orUnavailable(() => store.durable());
  return {
    read,
    find,
    commit,
    durable,
    async answerDurably(work) {
      try {
        return await work();
      } finally {
        await durable();
      }
    },
    async listAll(collection, prefix) {
      const found: StoredRecord[] = [];
      let after: string | null = prefix;
      while (after !== null) {
        const from: string = after;
        const page = await orUnavailable(() => store.list(collection, { after: from, limit: PAGE_SIZE }));
        found.push(...page.records.filter((record) => record.id.startsWith(prefix)));
        after = page.records.at(-1)?.id.startsWith(prefix) === true ? page.next : null;
      }
      return found;
    },
    async update(collection, id, change) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const record = await find(collection, id);
        if (record === undefined) return undefined;
        const value = change(record.value);
        if (await commit([replace(record, value)])) return value;
      }
      throw unavailable();
    },
  };
}

/** The change that makes a record which must not exist yet. */
export function create(collection: string, id: string, value: JsonObject, expiresAt?: number): Change {
  return { kind: "put", collection, id, basedOn: ABSENT, value, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The change that gives a record a new value; it keeps its time of expiry unless a new one is given. */
export function replace(record: StoredRecord, value: JsonObject, expiresAt = record.expiresAt): Change {
  const { collection, id, version } = record;
  return { kind: "put", collection, id, basedOn: version, value, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The change that removes a record. */
export function remove({ collection, id, version }: StoredRecord): Change {
  return { kind: "delete", collection, id, basedOn: version };
}
