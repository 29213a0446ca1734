import { CommitTooLarge, StoreUnavailable } from "../errors.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import { UNTRACED, type Trace, type TracedCommit, type Tracing } from "../observation/tracing.ts";
import type { Change, CommitResult, PageRequest, RecordPage, RecordStore, StoredRecord, TrailEntry, TrailPage, TrailQuery } from "../ports.ts";

/** A store as the domain asks it: whatever it throws or rejects with is {@link StoreUnavailable}, so nobody who asks has to tell. */
export class GuardedStore implements RecordStore {
  readonly #store: RecordStore;
  /** Those who are told of entries that were added. */
  readonly #watchers = new Set<() => void>();
  readonly watch?: NonNullable<RecordStore["watch"]>;
  readonly #tracing: Pick<Tracing, "commit">;

  constructor(store: RecordStore, tracing: Pick<Tracing, "commit"> = UNTRACED) {
    this.#store = store;
    if (store.watch !== undefined) this.watch = store.watch.bind(store);
    this.#tracing = tracing;
  }

  read(collection: string, ids: readonly string[]): MaybePromise<readonly (StoredRecord | undefined)[]> {
    try {
      return guard(this.#store.read(collection, ids));
    } catch (error) {
      return unavailable(error);
    }
  }

  list(collection: string, page: PageRequest): MaybePromise<RecordPage> {
    try {
      return guard(this.#store.list(collection, page));
    } catch (error) {
      return unavailable(error);
    }
  }

  commit(changes: readonly Change[], entries: readonly TrailEntry[]): MaybePromise<CommitResult> {
    const trace = this.#tracing.commit;
    try {
      const committing = guard(trace === null ? this.#store.commit(changes, entries) : this.#follow(trace, changes, entries));
      return this.#watchers.size === 0 || entries.length === 0 ? committing : this.#tellOf(committing);
    } catch (error) {
      return unavailable(error);
    }
  }

  #follow(trace: Trace<TracedCommit>, changes: readonly Change[], entries: readonly TrailEntry[]): MaybePromise<CommitResult> {
    const traced: TracedCommit = { changes: changes.length, entries: entries.length, traceparent: undefined, outcome: null };
    return trace(traced, () => this.#store.commit(changes, entries), ({ committed }) => (traced.outcome = committed ? "committed" : "conflict"));
  }

  /** Tells of each commit that adds entries to the trail, and of those of other processes as far as the store does, until the answer is called. */
  watchTrail(added: () => void): () => void {
    this.#watchers.add(added);
    const leave = this.watch?.(added);
    return () => {
      this.#watchers.delete(added);
      leave?.();
    };
  }

  #tellOf(committing: MaybePromise<CommitResult>): MaybePromise<CommitResult> {
    if (isPromiseLike(committing)) return committing.then((result) => this.#tellOf(result));
    if (committing.committed) for (const added of this.#watchers) added();
    return committing;
  }

  trail(query: TrailQuery): MaybePromise<TrailPage> {
    try {
      return guard(this.#store.trail(query));
    } catch (error) {
      return unavailable(error);
    }
  }

  durable(): MaybePromise<void> {
    try {
      return guard(this.#store.durable());
    } catch (error) {
      return unavailable(error);
    }
  }
}

/** The answer; a promise of it rejects with {@link StoreUnavailable}, whatever went wrong. */
export function guard<T>(answer: MaybePromise<T>): MaybePromise<T> {
  return isPromiseLike(answer) ? answer.then(undefined, unavailable) : answer;
}

/** Throws what stands for an error of the store's. */
export function unavailable(error: unknown): never {
  throw error instanceof StoreUnavailable || error instanceof CommitTooLarge ? error : new StoreUnavailable(error);
}
