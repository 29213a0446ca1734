import type { Identity } from "./identity.ts";
import type { JsonObject } from "./json.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** One stored thing: a subject, a remembered answer, an OAuth client, … */
export interface StoredRecord {
  readonly collection: string;
  readonly id: string;
  /** Rises with every commit of the store and is never used twice, so a record made again is not mistaken for the old one. */
  readonly version: number;
  readonly value: JsonObject;
  /** Epoch milliseconds from which on the record no longer exists. Absent: never. */
  readonly expiresAt?: number;
}

/** What a change is based on: the version that was read, or {@link ABSENT}. */
export interface ChangeTarget {
  readonly collection: string;
  readonly id: string;
  readonly basedOn: number;
}

/** The version of a record that does not exist. */
export const ABSENT = 0;

/**
 * One change of a commit. `check` changes nothing: it makes the commit fail when what was read is
 * no longer so. A commit names each record at most once.
 */
export type Change =
  | (ChangeTarget & { readonly kind: "put"; readonly value: JsonObject; readonly expiresAt?: number | undefined })
  | (ChangeTarget & { readonly kind: "delete" })
  | (ChangeTarget & { readonly kind: "check" });

/**
 * A put whose value is frozen JSON already, made by `toJson`: a store need not look through it again. Only
 * the domain makes these.
 */
export class FrozenPut implements ChangeTarget {
  readonly kind = "put";
  readonly collection: string;
  readonly id: string;
  readonly basedOn: number;
  readonly value: JsonObject;
  readonly expiresAt: number | undefined;

  constructor(collection: string, id: string, basedOn: number, value: JsonObject, expiresAt: number | undefined) {
    this.collection = collection;
    this.id = id;
    this.basedOn = basedOn;
    this.value = value;
    this.expiresAt = expiresAt;
  }
}

/** Which records a commit found changed meanwhile; nothing of it was kept. */
export interface RecordConflict {
  readonly collection: string;
  readonly id: string;
}

/** Either every change is kept, all under the one new `version`, or none is. */
export type CommitResult =
  | { readonly committed: true; readonly version: number }
  | { readonly committed: false; readonly conflicts: readonly RecordConflict[] };

/** A part of a collection, in the order of the IDs (by UTF-16 code units). */
export interface PageRequest {
  /** The ID behind which the page begins (before which, when descending). Absent: the first page. */
  readonly after?: string;
  /** The most records to answer, 1 or more. */
  readonly limit: number;
  readonly order?: "ascending" | "descending";
  /** They are only looked through, and most of them for nothing: a store with a cache need not give up what it has for them. Default false. */
  readonly passing?: boolean;
}

/** A page of records; `next` goes into `after`, and is null on the last page. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  readonly next: string | null;
}

/** A subject by its class and its canonical ID. */
export interface SubjectReference {
  readonly class: string;
  readonly id: string;
}

/** Something that was done or refused, as a commit adds it to the trail. */
export interface TrailEntry {
  /** When it happened, in epoch milliseconds. */
  readonly at: number;
  /** Epoch milliseconds from which on nobody is shown it any more. */
  readonly expiresAt: number;
  /** What the trail can be asked for: the action's key, the subject, the ID of the user or client. */
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly identity: string;
  /** What readers are shown. May be made only when it is asked for, so ask once. */
  readonly value: JsonObject;
}

/** A part of the trail; a filter that is absent lets all through. */
export interface TrailQuery {
  /** The ID of the entry behind which the page begins (before which, when descending). Absent: the first page. */
  readonly after?: string;
  /** The most entries to answer, 1 or more. */
  readonly limit: number;
  readonly order?: "ascending" | "descending";
  readonly action?: string;
  /** A subject's ID, or its class and ID as `northwind.Order:10248`. */
  readonly subject?: string;
  readonly identity?: string;
}

/** An entry as the trail has it. IDs are texts that rise in the order of the commits. */
export interface KeptEntry {
  readonly id: string;
  readonly value: JsonObject;
}

/** A page of the trail; `next` goes into `after`, and is null on the last page. */
export interface TrailPage {
  readonly entries: readonly KeptEntry[];
  readonly next: string | null;
  /**
   * There when an ascending page cannot say what came after `after`, and then the page is empty: there never was such an entry, or neither it
   * nor the one right after it is kept any more.
   */
  readonly lost?: true;
}

/**
 * Persistence for everything. All methods may answer at once or by a promise; a rejected promise
 * (or a throw) means that the store is not available, and callers answer `unavailable`.
 * Nobody may modify a value that was handed to the store or out of it.
 */
export interface RecordStore {
  /** The records with these IDs, in the order asked for, `undefined` where there is none; one round trip. */
  read(collection: string, ids: readonly string[]): MaybePromise<readonly (StoredRecord | undefined)[]>;
  list(collection: string, page: PageRequest): MaybePromise<RecordPage>;
  /**
   * Keeps all changes and adds the entries to the trail in their order, or does nothing of it. When it has answered,
   * later reads see them.
   */
  commit(changes: readonly Change[], entries?: readonly TrailEntry[]): MaybePromise<CommitResult>;
  /** A page of the trail, in the order of the commits; full unless nothing is left. */
  trail(query: TrailQuery): MaybePromise<TrailPage>;
  /**
   * Settles when everything that reads could have shown so far survives a crash. No answer, not
   * even to a read, goes out before that; work that follows need not wait for it.
   */
  durable(): MaybePromise<void>;
  /**
   * There when other processes may commit to the same store, and only then. Tells, until its answer is called, that some process has committed, with the
   * collections that have changed; null: any may have. That may come late or never, so whoever must know looks now and then as well.
   */
  watch?(changed: (collections: readonly string[] | null) => void): () => void;
}

/** An entry of the trail with all that it was committed with. */
export interface WholeEntry {
  readonly id: string;
  readonly entry: TrailEntry;
}

/** A store that can hand over everything that it has, for copies and exports. To run on, a {@link RecordStore} is enough. */
export interface WholeStore extends RecordStore {
  /** The names of the collections that have records, in order. */
  collections(): MaybePromise<readonly string[]>;
  /** The entries of the trail behind the one with the ID `after` (absent: from the first), in the order of the commits: as many as the limit, unless nothing is left. */
  entries(page: { readonly after?: string; readonly limit: number }): MaybePromise<readonly WholeEntry[]>;
}

/**
 * Subjects that live in a team's own database: IDs in, records out in any order; `undefined` or null where there is none. What it throws or rejects with means
 * that the database is not available (`unavailable`), but for a TypeError without a `cause`, a ReferenceError, a RangeError and a
 * SyntaxError: those are mistakes in the source (`internal_error`).
 */
export type SubjectSource<R extends object = object> = (ids: readonly string[]) => MaybePromise<readonly (R | null | undefined)[]>;

/** What became of a bearer token. */
export type Authentication =
  | { readonly authenticated: true; readonly identity: Identity }
  | { readonly authenticated: false; readonly reason: "invalid_token" }
  | { readonly authenticated: false; readonly reason: "unavailable"; readonly retryAfterSeconds?: number };

/** A bearer token in, an identity or a refusal out. Permissions are those of this moment. */
export type Authenticate = (token: string) => MaybePromise<Authentication>;

/** The time now, in epoch milliseconds. */
export type Clock = () => number;

/**
 * Wakes once: at that time (epoch milliseconds), or as soon as possible when it has passed, but never before
 * everything that is ready now has run. Answers how to give it up.
 */
export type Timer = (at: number, wake: () => void) => () => void;

declare global {
  /** The platform's own, which is what `fetch` and its like take: what it has, the platform's types say (those of Node or of the DOM). */
  interface AbortSignal {}
}

/** Tells that something is not wanted any more: what is used of an `AbortSignal`, so any of those will do. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A fresh `AbortController`: `() => new AbortController()`. */
export type NewAbortController = () => { readonly signal: AbortSignal; abort(reason?: unknown): void };

/** A fresh identifier: a random UUID (RFC 9562, version 4), lower-case. */
export type NewId = () => string;

/** A short text that tells texts apart: SHA-256, as hexadecimal digits. */
export type Digest = (text: string) => string;

/** Something that happened, for logs, metrics and traces. Never holds a token, a secret or a body. */
export interface Observation {
  readonly event: string;
  readonly requestId?: string;
  /** An unforeseen failure's cause: for the log only. */
  readonly error?: unknown;
  readonly [detail: string]: unknown;
}

/** Takes note of what happened. Whatever it throws is swallowed: it may never fail the call. */
export type Observe = (observation: Observation) => void;
