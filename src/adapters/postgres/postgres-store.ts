import { setTimeout as pause } from "node:timers/promises";
import type { Change, Clock, CommitResult, Observe, PageRequest, RecordPage, StoredRecord, TrailEntry, TrailPage, TrailQuery, WholeEntry, WholeStore } from "../../domain/ports.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { prepareChanges, refuseBadPage } from "../records/changes.ts";
import { Commits } from "./commit/commits.ts";
import { withDeadline } from "./deadline.ts";
import { toRecord } from "./read/decode-record.ts";
import { toStoreError } from "./failures.ts";
import { News } from "./news.ts";
import { PostgresStoreError } from "./postgres-store-error.ts";
import { textOf, type Listen, type Query, type Row } from "./query.ts";
import { toQuestion, toTrailPage } from "./read/read-trail.ts";
import { collectionsQuestion, entriesQuestion, toCollections, toWholeEntry } from "./read/read-whole.ts";
import { Reads } from "./read/reads.ts";
import { migrationStatement } from "./schema/migration.ts";
import type { SchemaNames } from "./schema/names.ts";
import { readStatus, refuseUnfit, type PostgresStatus } from "./schema/status.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import { Upkeep } from "./upkeep.ts";

/** A RecordStore on PostgreSQL, which any number of processes may share. */
export interface PostgresStore extends WholeStore {
  /**
   * Makes the schema, or brings it to the version of this release; nothing when it has that. Any number of processes may do so at once.
   * Rejects with a {@link PostgresStoreError} when the role may not, or the schema is newer.
   */
  migrate(): Promise<void>;
  /** What database this is and which version its schema has. Rejects only when PostgreSQL cannot be asked. */
  status(): Promise<PostgresStatus>;
  /** Sees that the store can work (as {@link ready}), and begins to remove what has expired and to listen. When it rejects, the store is closed. */
  open(): Promise<void>;
  /** Settles when PostgreSQL answers and the schema is that of this release; else rejects with a {@link PostgresStoreError} that says why: for a check of readiness. */
  ready(): Promise<void>;
  /**
   * Calls back when some process, this one included, has committed: at most 50 times a second for each process, with the collections that have changed, and `trail` when entries came; `null`: perhaps any. Only with the
   * option `listen`; it may come late or not at all, so it may only shorten a wait. Answers how to end that.
   */
  watch(changed: (collections: readonly string[] | null) => void): () => void;
  /** Stops removing and listening, and then calls the option `end`. What is under way is not waited for. */
  close(): Promise<void>;
}

/** What the store is made of. */
export interface PostgresStoreParts {
  readonly query: Query;
  readonly listen: Listen | undefined;
  readonly end: (() => MaybePromise<unknown>) | undefined;
  readonly names: SchemaNames;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly timeoutMs: number;
  readonly sweepEveryMs: number;
}

const NO_ENTRIES: readonly TrailEntry[] = [];

/** The port on functions of a schema: each call is one statement, and so one round trip and one transaction. */
export class SharedStore implements PostgresStore {
  readonly #parts: PostgresStoreParts;
  readonly #commits: Commits;
  readonly #reads: Reads;
  readonly #news: News;
  readonly #upkeep: Upkeep;

  constructor(parts: PostgresStoreParts) {
    const { names, clock, observe, timeoutMs, sweepEveryMs, listen } = parts;
    this.#parts = parts;
    const call = async (name: string, ...values: string[]) => textOf((await this.#ask(`select ${names.quoted}.${name}(${placeholders(values)}) answer`, values))[0], "answer");
    this.#commits = new Commits({ call, clock, pause, lookUpMs: timeoutMs });
    this.#reads = new Reads((wanted) => this.#rows("read", "place, version, value, expires_at", JSON.stringify(wanted), this.#now));
    this.#news = new News({ channel: names.channel, listen, observe, notify: async (payload) => void (await this.#ask("select pg_notify($1::text, $2::text)", [names.channel, payload])) });
    this.#upkeep = new Upkeep({ sweep: async (most) => this.#takeSwept(await call("sweep", String(clock()), String(most))), everyMs: sweepEveryMs, observe });
  }

  /** How many were removed. The number that comes along keeps it short to look for a commit whose answer is lost. */
  #takeSwept(answer: string): number {
    const [removed, lastNumber = "0"] = answer.split(" ");
    this.#commits.know(lastNumber);
    return Number(removed);
  }

  /** A second more for each MiB that is sent. */
  #ask(text: string, values: string[]): Promise<readonly Row[]> {
    const lengthKiB = values.reduce((length, value) => length + value.length, 0) / 1024;
    return withDeadline(this.#parts.query(text, values), this.#parts.timeoutMs + Math.floor(lengthKiB));
  }

  /** The rows of a statement, or what went wrong as a sentence. */
  async #askWell(text: string, ...values: string[]): Promise<readonly Row[]> {
    try {
      return await this.#ask(text, values);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** The rows of a function of the schema. */
  #rows(name: string, columns: string, ...values: string[]): Promise<readonly Row[]> {
    return this.#askWell(`select ${columns} from ${this.#parts.names.quoted}.${name}(${placeholders(values)})`, ...values);
  }

  read(collection: string, ids: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    return this.#reads.read(collection, ids);
  }

  async list(collection: string, page: PageRequest): Promise<RecordPage> {
    refuseBadPage(page);
    const { after, limit, order = "ascending" } = page;
    const behind = after === undefined ? "" : `=${toStoredText(after)}`;
    const rows = await this.#rows("list", "id, version, value, expires_at", toStoredText(collection), behind, String(limit + 1), order, this.#now);
    const records = rows.slice(0, limit).map((row) => toRecord(collection, fromStoredText(textOf(row, "id")), row));
    return { records, next: rows.length > limit ? (records.at(-1)?.id ?? null) : null };
  }

  async commit(changes: readonly Change[], entries: readonly TrailEntry[] = NO_ENTRIES): Promise<CommitResult> {
    const prepared = prepareChanges(changes);
    const result = await this.#commits.commit(prepared, entries);
    if (result.committed) this.#news.tell(prepared, entries.length > 0);
    return result;
  }

  async trail(query: TrailQuery): Promise<TrailPage> {
    refuseBadPage(query);
    const question = toQuestion(query, this.#parts.clock());
    return typeof question === "string" ? toTrailPage(await this.#rows("trail", "number, value", question), query.limit) : question;
  }

  async collections(): Promise<readonly string[]> {
    return toCollections(await this.#askWell(collectionsQuestion(this.#parts.names)));
  }

  async entries(page: { readonly after?: string; readonly limit: number }): Promise<readonly WholeEntry[]> {
    refuseBadPage(page);
    return (await this.#askWell(entriesQuestion(this.#parts.names), String(Number(page.after ?? 0)), this.#now, String(page.limit))).map(toWholeEntry);
  }

  /** What was committed, and all that a read can see, is on PostgreSQL's disk. */
  durable(): void {
    return;
  }

  async migrate(): Promise<void> {
    await this.#askWell(migrationStatement(this.#parts.names));
  }

  status(): Promise<PostgresStatus> {
    return readStatus((text) => this.#askWell(text), this.#parts.names);
  }

  async open(): Promise<void> {
    try {
      const status = await this.status();
      refuseUnfit(status);
      this.#commits.know(status.lastEntry);
      this.#upkeep.start();
      await this.#news.listen();
    } catch (error) {
      await this.close();
      throw toStoreError(error);
    }
  }

  async ready(): Promise<void> {
    refuseUnfit(await this.status());
  }

  watch(changed: (collections: readonly string[] | null) => void): () => void {
    return this.#news.watch(changed);
  }

  async close(): Promise<void> {
    this.#upkeep.stop();
    await this.#news.close();
    await this.#parts.end?.();
  }

  get #now(): string {
    return String(this.#parts.clock());
  }
}

function placeholders(values: readonly string[]): string {
  return values.map((_, at) => `$${at + 1}::text`).join(", ");
}
