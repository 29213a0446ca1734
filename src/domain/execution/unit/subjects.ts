import { kindOf } from "../../check-option.ts";
import type { JsonObject } from "../../json.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { NewId, RecordPage } from "../../ports.ts";
import type { ShownAs } from "../answer/result.ts";
import { isSubjectClass, type Shown, type SubjectClass, type SubjectRecord } from "../../catalog/subject.ts";
import type { SubjectId } from "../../catalog/subject-id.ts";
import type { HandlerUnit } from "./handler-unit.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** A record that is known to be of its class: an action may answer with it, and clients are shown what the class makes public. */
export type Seen<R extends SubjectRecord, F extends string = string> = R & ShownAs<Shown<R, F>>;

/**
 * What a handler reads and changes subjects with. Records are frozen: change a copy and `put` it.
 * Reads answer at once when the store does, so `await` them.
 */
export interface Subjects {
  /** The subject with this ID, or undefined. Its version is checked when the action commits. */
  get<R extends SubjectRecord, F extends string>(subject: SubjectClass<R, F>, id: R["id"]): MaybePromise<Seen<R, F> | undefined>;
  /** Many, in the order asked for, in one round trip. */
  getMany<R extends SubjectRecord, F extends string>(subject: SubjectClass<R, F>, ids: readonly R["id"][]): MaybePromise<readonly (Seen<R, F> | undefined)[]>;
  /** All of the class as the store has them, in the order of their IDs. What this action changed before is not in it. */
  all<R extends SubjectRecord, F extends string>(subject: SubjectClass<R, F>): MaybePromise<readonly Seen<R, F>[]>;
  /** Records that this is the subject now, and answers it. A subject that was not read before must not exist yet. */
  put<R extends SubjectRecord, F extends string>(subject: SubjectClass<R, F>, record: NoInfer<R>): Seen<R, F>;
  /** Records that the subject is gone. It must have been read before: TypeError. */
  delete<R extends SubjectRecord>(subject: SubjectClass<R>, id: R["id"]): void;
  /** The ID for a new subject: the next integer, or a fresh UUID. A class with other IDs has none: TypeError. */
  nextId<R extends SubjectRecord>(subject: SubjectClass<R>): MaybePromise<R["id"]>;
}

/** The records that hold the last integer ID of each class. */
const SEQUENCES = "actionport.sequence";
/** How many records one page of {@link Subjects.all} reads. */
const PAGE = 1000;

/** The subjects as one handler sees them. */
export function createSubjects(work: HandlerUnit, newId: NewId): Subjects {
  return new UnitSubjects(work, newId);
}

/** Methods are made when they are first asked for and bound, since handlers take them apart: `const { put } = subjects`. */
class UnitSubjects implements Subjects {
  readonly #work: HandlerUnit;
  readonly #newId: NewId;
  #lastId: MaybePromise<unknown> = undefined;

  constructor(work: HandlerUnit, newId: NewId) {
    this.#work = work;
    this.#newId = newId;
  }

  get get(): Subjects["get"] {
    return (subject, id) => {
      const found = readSubject(this.#work.unit, subject, String(canonicalId(subject, id)));
      return isPromiseLike(found) ? found.then((value) => optional(subject, value)) : optional(subject, found);
    };
  }

  get getMany(): Subjects["getMany"] {
    return (subject, ids) => {
      const found = readSubjects(this.#work.unit, subject, ids.map((id) => String(canonicalId(subject, id))));
      const toRecords = (values: readonly (JsonObject | undefined)[]) => values.map((value) => optional(subject, value));
      return isPromiseLike(found) ? found.then(toRecords) : toRecords(found);
    };
  }

  get all(): Subjects["all"] {
    return (subject) => readAll(this.#work.unit, subject);
  }

  get put(): Subjects["put"] {
    return (subject, record) => {
      refuseForeign(subject);
      const id = canonicalId(subject, record.id);
      if (typeof id !== typeof record.id) throw new TypeError(`${subject.class}: the id of a record must be a ${typeof id}, not the ${typeof record.id} ${JSON.stringify(record.id)}`);
      return typed(subject, this.#work.put(subject.class, String(id), record, `${subject.class} ${record.id}`));
    };
  }

  get delete(): Subjects["delete"] {
    return (subject, id) => {
      refuseForeign(subject);
      this.#work.delete(subject.class, String(canonicalId(subject, id)));
    };
  }

  /** One after the other, or two that are asked for at once would be the same. */
  get nextId(): Subjects["nextId"] {
    return async (subject) => {
      const earlier = this.#lastId;
      const next = (async () => {
        await earlier;
        return nextId(this.#work, subject, this.#newId);
      })();
      this.#lastId = next.catch(() => undefined);
      return next;
    };
  }
}

/** Reads a subject from the unit of work, or from where its class says that they live. */
export function readSubject(unit: UnitOfWork, subject: SubjectClass, id: string): MaybePromise<JsonObject | undefined> {
  const { source } = subject;
  if (source === null) return unit.get(subject.class, id);
  const found = unit.getForeign(subject.class, [id], source);
  return isPromiseLike(found) ? found.then(([value]) => value) : found[0];
}

/** Reads many of one class at once. */
export function readSubjects(unit: UnitOfWork, subject: SubjectClass, ids: readonly string[]): MaybePromise<readonly (JsonObject | undefined)[]> {
  const { source } = subject;
  return source === null ? unit.getMany(subject.class, ids) : unit.getForeign(subject.class, ids, source);
}

async function readAll<R extends SubjectRecord, F extends string>(unit: UnitOfWork, subject: SubjectClass<R, F>): Promise<readonly Seen<R, F>[]> {
  refuseForeign(subject);
  const all: Seen<R, F>[] = [];
  let after: string | null | undefined;
  while (after !== null) {
    const page: RecordPage = await unit.list(subject.class, after === undefined ? { limit: PAGE } : { limit: PAGE, after });
    for (const record of page.records) all.push(typed(subject, record.value));
    after = page.next;
  }
  return all;
}

async function nextId<R extends SubjectRecord>(work: HandlerUnit, subject: SubjectClass<R>, newId: NewId): Promise<R["id"]> {
  if (subject.id.name === "uuid") return newId();
  if (subject.id.name !== "integer") throw new TypeError(`${subject.class}: IDs of kind "${subject.id.name}" are not made here; give the record its id`);
  const sequence = await work.unit.get(SEQUENCES, subject.class);
  let next = typeof sequence?.["last"] === "number" ? sequence["last"] + 1 : (await greatestId(work.unit, subject)) + 1;
  while ((await work.unit.probe(subject.class, String(next))) !== undefined) next++;
  work.put(SEQUENCES, subject.class, { last: next });
  return next;
}

async function greatestId<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>): Promise<number> {
  const records = await readAll(unit, subject);
  return records.reduce((greatest, { id }) => (typeof id === "number" && id > greatest ? id : greatest), 0);
}

function optional<R extends SubjectRecord, F extends string>(subject: SubjectClass<R, F>, value: JsonObject | undefined): Seen<R, F> | undefined {
  return value === undefined ? undefined : typed(subject, value);
}

function canonicalId(subject: SubjectClass, id: SubjectId): SubjectId {
  const parsed = subject.id.parse(String(id));
  if (parsed === undefined) throw new TypeError(`${subject.class}: ${JSON.stringify(id)} is no ID of kind "${subject.id.name}"`);
  return parsed;
}

function refuseForeign(subject: SubjectClass): void {
  if (subject.source === null) return;
  if (!isSubjectClass(subject)) throw new TypeError(`subjects takes classes that defineSubject() made, subjects.put(Order, record), not ${kindOf(subject)}`);
  throw new TypeError(`${subject.class} lives outside the store and can only be read by ID`);
}

/** What the store holds for a class is what put() was given for it, or what the application loaded. */
function typed<R extends SubjectRecord, F extends string>(_subject: SubjectClass<R, F>, value: JsonObject): Seen<R, F> {
  // A stored value has lost its static type; the class is the key under which it was put, typed.
  return value as JsonObject & Seen<R, F>;
}
