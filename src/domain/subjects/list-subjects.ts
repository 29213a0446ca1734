import type { SubjectClass } from "../catalog/subject.ts";
import { failed, invalidParams, type Failed } from "../execution/answer/outcome.ts";
import { present } from "../execution/answer/result.ts";
import type { Breath } from "../execution/time/breath.ts";
import type { ExecutionPorts } from "../execution/execution-ports.ts";
import { inTime } from "../execution/time/in-time.ts";
import type { Identity } from "../identity.ts";
import { textLength, type JsonObject } from "../json.ts";
import { FEW, nextCount, PAGE_LENGTH, parsePageQuery, type Page, type PageQuery } from "../page.ts";
import type { FieldErrors } from "../errors.ts";
import { findFieldFaults, SubjectFilter, type SubjectConditions } from "./conditions.ts";
import { isVisible } from "./readable.ts";

/** Which subjects are asked for, and which page of them. */
export interface SubjectQuery extends PageQuery, SubjectConditions {}

/** What lists work with. */
export type Listing = ExecutionPorts & { readonly breath: Breath };

/** The most records that one call looks at. */
const MAX_LOOKED_AT = 10_000;
/** How many are read at a time when only some of them are wanted. */
const READ_AHEAD = 256;

/** A page of the subjects of a class that the identity may see, in the order of their IDs as texts (a source's in its own). */
export async function listSubjects(ports: Listing, identity: Identity, subject: SubjectClass, query: SubjectQuery): Promise<Page | Failed> {
  const page = parsePageQuery(query);
  const faults = { ...findFieldFaults(subject, query), ...("errors" in page ? page.errors : findCursorFault(subject, page.after)) };
  if ("errors" in page || Object.keys(faults).length > 0) return invalidParams(faults);
  if (subject.source !== null && subject.list === null) return failed("not_found", `There is no list of ${subject.class}; ask for one by its ID.`);
  const filter = new SubjectFilter(subject, query);
  const found = await new Search(ports, identity, subject, filter).run(page.limit, cursorOf(subject, page.after));
  // Of a later page none may have what an earlier one had.
  const seen = found.data.length === 0 && page.after === undefined ? filter.faults(found.seen > 0 && found.next === null) : {};
  return Object.keys(seen).length > 0 ? invalidParams(seen) : { kind: "page", data: found.data, next: found.next };
}

function findCursorFault(subject: SubjectClass, after: string | undefined): FieldErrors {
  return after === undefined || subject.id.parse(after) !== undefined ? {} : { after: ["after must be the next of the page before."] };
}

function cursorOf(subject: SubjectClass, after: string | undefined): string | undefined {
  return after === undefined ? undefined : String(subject.id.parse(after));
}

/** What a search came to. */
interface Found {
  readonly data: readonly JsonObject[];
  /** How many of those that were looked at this identity may see. */
  readonly seen: number;
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly value: JsonObject;
}

/** Looks through a class for what is wanted and to be seen. */
class Search {
  readonly #ports: Listing;
  readonly #identity: Identity;
  readonly #subject: SubjectClass;
  readonly #filter: SubjectFilter;
  readonly #data: JsonObject[] = [];
  #seen = 0;
  /** Of the data, in UTF-16 code units. */
  #length = 0;

  constructor(ports: Listing, identity: Identity, subject: SubjectClass, filter: SubjectFilter) {
    this.#ports = ports;
    this.#identity = identity;
    this.#subject = subject;
    this.#filter = filter;
  }

  async run(limit: number, after: string | undefined): Promise<Found> {
    let cursor = after;
    let shown: string | undefined;
    // A source is asked once: what it answers is in memory by then.
    let most = this.#subject.list === null ? FEW : MAX_LOOKED_AT;
    for (let left = MAX_LOOKED_AT; left > 0; ) {
      const count = Math.min(left, most, this.#filter.isOpen ? limit - this.#data.length + 1 : READ_AHEAD);
      const { rows, isLast } = await this.#read(cursor, count);
      for (const { id, value } of rows) {
        const pausing = this.#ports.breath.take();
        if (pausing !== undefined) await pausing;
        const isThere = isVisible(this.#subject, this.#identity, value);
        cursor = id;
        if (!isThere) continue;
        // Whether there is more, and behind what, is told by what is to be seen only.
        if (this.#data.length === limit || this.#length >= PAGE_LENGTH) return this.#end(shown);
        this.#look(value);
        shown = id;
      }
      if (isLast) return this.#end(undefined);
      left -= rows.length;
      const last = rows.at(-1);
      if (last !== undefined) most = nextCount(most, PAGE_LENGTH - this.#length, textLength(last.value));
    }
    return this.#end(shown ?? cursor);
  }

  #look(value: JsonObject): void {
    this.#seen++;
    if (!this.#filter.admits(value)) return;
    const shown = present(this.#subject, value);
    this.#data.push(shown);
    this.#length += textLength(shown);
  }

  #end(cursor: string | undefined): Found {
    return { data: this.#data, seen: this.#seen, next: cursor ?? null };
  }

  async #read(after: string | undefined, limit: number): Promise<{ readonly rows: readonly Row[]; readonly isLast: boolean }> {
    const behind = after === undefined ? {} : { after };
    const { list, id: kind, class: collection } = this.#subject;
    if (list === null) {
      const { records, next } = await this.#ports.store.list(collection, this.#filter.isOpen ? { ...behind, limit } : { ...behind, limit, passing: true });
      return { rows: records, isLast: next === null };
    }
    // One more than is wanted says whether there are more.
    const listed = await inTime(this.#ports, collection, list({ ...behind, limit: limit + 1 }));
    const rows: Row[] = [];
    for (const take of listed.slice(0, limit)) {
      const pausing = this.#ports.breath.take();
      if (pausing !== undefined) await pausing;
      const value = take();
      rows.push({ id: String(kind.parse(String(value["id"]))), value });
    }
    return { rows, isLast: listed.length <= limit };
  }
}
