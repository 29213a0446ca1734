import type { BulkCounts } from "../../domain/bulk/bulk-outcome.ts";
import type { FieldErrors } from "../../domain/errors.ts";
import type { CallOptions, WriteOptions } from "./options.ts";

/** What a caller must know of an action. `ApiOf<typeof catalog>` of `actionport` has one for each key. */
export interface ApiEntry {
  /** The type of its subject's ID; null: it takes no subject. */
  readonly id: string | number | null;
  readonly params: unknown;
  /** The body of a success without `success`. */
  readonly result: object;
  /** The errors that it declares. */
  readonly errors: { readonly code: string; readonly details?: unknown };
}

/** Actions by key: an object type. That each is an {@link ApiEntry} is asked where it is called: of a large catalog, most never are. */
export type Api = object;

/**
 * The action of this key. `L` is unknown for as long as `K` is: the arguments of a call are looked at once before its key is known, and
 * then every action of the API would be worked out, by every call.
 */
export type EntryOf<A extends Api, K extends keyof A> = [K] extends [infer L] ? (L extends string ? EntryAt<A, L> : ApiEntry) : never;

/** By its name, or of an API where every name is one. */
type EntryAt<A extends Api, K extends string> = A extends { readonly [L in K]: infer E extends ApiEntry } ? E : A extends Readonly<Record<string, infer E extends ApiEntry>> ? E : never;

/** Of actions that nothing is known of. */
export interface UnknownEntry extends ApiEntry {
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: { readonly message?: string; readonly data?: Readonly<Record<string, unknown>>; readonly workflow_id?: string };
}

/** What stands behind the key: the ID if the action takes a subject, the parameters, which may be left out when none is required, and options. */
export type CallArguments<E extends ApiEntry, Options = WriteOptions> = [...IdArgument<E>, ...ParamsArguments<E["params"], Options>];

type IdArgument<E extends ApiEntry> = E["id"] extends null ? [] : [id: E["id"]];
type ParamsArguments<P, Options> = [keyof P] extends [never]
  ? [params?: unknown extends P ? object : NoParams, options?: Options]
  : {} extends P
    ? [params?: P, options?: Options]
    : [params: P, options?: Options];
type NoParams = { readonly [name: string]: never };

/** What an action answered. */
export type Executed<E extends ApiEntry> = E["result"] & Replayable;

/** True: this is the answer that an earlier call with the same idempotency key was given; nothing ran. */
export interface Replayable {
  readonly replayed?: true;
}

/** What would become of one subject. */
export interface PreviewedChange {
  readonly class: string;
  readonly id: string | number;
  readonly change: "create" | "update" | "delete";
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** What an action would answer and change. */
export type Previewed<E extends ApiEntry> = E["result"] & {
  readonly changes: readonly PreviewedChange[];
  /** Does it, if all that the preview was made of is still so; else it fails with `precondition_failed`, and nothing has happened. */
  readonly execute: (options?: WriteOptions) => Promise<Executed<E>>;
};

/** Options of a bulk call. */
export interface BulkOptions extends WriteOptions {
  /** Default: `each`. */
  readonly mode?: "each" | "stop" | "atomic" | undefined;
  /** Says what would be done, and does nothing: results have `changes`. */
  readonly preview?: boolean | undefined;
}

/** What became of one subject of a bulk call. */
export type BulkResult<E extends ApiEntry> = { readonly index: number; readonly id: string | number } & (
  | ({ readonly success: true; readonly status: number; readonly changes?: readonly PreviewedChange[] } & Executed<E>)
  | ({ readonly success: false; readonly status: number; readonly message: string; readonly code?: string; readonly details?: unknown; readonly errors?: FieldErrors; readonly skipped?: never } & Replayable)
  | { readonly success: false; readonly skipped: true }
);

/** How many there were, and what became of them. */
export interface BulkSummary extends BulkCounts, Replayable {}

/** A whole bulk call. */
export interface BulkAnswer<E extends ApiEntry> extends BulkSummary {
  readonly results: readonly BulkResult<E>[];
}

/** A result as it comes, and how many of how many there are by now. */
export type BulkProgress<E extends ApiEntry> = BulkResult<E> & { readonly done: number; readonly total: number };

/** Arguments of a bulk call behind key and IDs. */
export type BulkArguments<E extends ApiEntry, Options = BulkOptions> = ParamsArguments<E["params"], Options>;

/** A page of a list; `next` is null on the last one. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next: string | null;
}

/** How an action is listed. */
export interface ListedAction {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly effect: "read" | "write" | "destructive";
  readonly subject?: Readonly<Record<string, unknown>>;
}

/** A run of a workflow. Times are RFC 3339 in UTC. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly subject: { readonly class: string; readonly id: string } | null;
  readonly status: "created" | "pending" | "running" | "waiting" | "completed" | "failed" | "continued" | "cancelled";
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly result?: unknown;
  readonly error?: string;
  /** When it is worth asking again, in milliseconds; null: it has ended. */
  readonly poll_after_ms: number | null;
}

/** An entry of the trail. */
export interface AuditEntry {
  readonly id: string;
  readonly when: string;
  readonly request_id: string | null;
  readonly identity: { readonly kind: string; readonly id: string; readonly name: string; readonly issuer: string };
  readonly action: string;
  readonly subject: { readonly class: string; readonly id: string } | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  readonly outcome: { readonly success: boolean; readonly message?: string; readonly code?: string };
  readonly changes: readonly PreviewedChange[];
  readonly via?: string;
  /** To which trace the call belongs (W3C Trace Context). */
  readonly traceparent?: string;
  readonly client_id?: string;
}

/** A subject as it is shown. */
export interface SubjectData {
  readonly id: string | number;
  readonly title: string;
  readonly [field: string]: unknown;
}

/** A subject, and what could be done with it now. */
export interface SubjectAnswer<T> {
  readonly data: T;
  readonly actions: readonly ({ readonly key: string; readonly label: string; readonly effect: string } & ({ readonly allowed: true } | { readonly allowed: false; readonly code: string; readonly message: string }))[];
}

/** Which page of a list, how many on it, what it is filtered by. */
export interface ListQuery {
  readonly after?: string | undefined;
  /** 1 to 200; default 50. */
  readonly limit?: number | undefined;
  readonly [field: string]: string | number | boolean | undefined;
}

/** Options of a list. */
export type ListOptions = CallOptions;
