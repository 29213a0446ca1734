import { toJsonObject, type JsonObject } from "../json.ts";
import type { NewId } from "../ports.ts";
import { run, type MaybePromise, type Steps } from "../steps.ts";
import type { SubjectClass, SubjectRecord } from "../catalog/subject.ts";
import type { SubjectId } from "../catalog/subject-id.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/**
 * What a handler reads and changes subjects with. Records are frozen: change a copy and `put` it.
 * Reads answer at once when the store does, so `await` them.
 */
export interface Subjects {
  /** The subject with this ID, or undefined. Its version is checked when the action commits. */
  get<R extends SubjectRecord>(subject: SubjectClass<R>, id: R["id"]): MaybePromise<R | undefined>;
  /** Many, in the order asked for, in one round trip. */
  getMany<R extends SubjectRecord>(subject: SubjectClass<R>, ids: readonly R["id"][]): MaybePromise<readonly (R | undefined)[]>;
  /** All of the class as the store has them, in the order of their IDs. What this action changed before is not in it. */
  all<R extends SubjectRecord>(subject: SubjectClass<R>): MaybePromise<readonly R[]>;
  /** Records that this is the subject now, and answers it. A subject that was not read before must not exist yet. */
  put<R extends SubjectRecord>(subject: SubjectClass<R>, record: R): R;
  /** Records that the subject is gone. It must have been read before: TypeError. */
  delete<R extends SubjectRecord>(subject: SubjectClass<R>, id: R["id"]): void;
  /** The ID for a new subject: the next integer, or a fresh UUID. A class with other IDs has none: TypeError. */
  nextId<R extends SubjectRecord>(subject: SubjectClass<R>): MaybePromise<R["id"]>;
}

/** The records that hold the last integer ID of each class. */
const SEQUENCES = "actionport.sequence";
/** How many records one page of {@link Subjects.all} reads. */
const PAGE = 1000;

/** The subjects as one unit of work sees them. */
export function createSubjects(unit: UnitOfWork, newId: NewId): Subjects {
  return {
    get(subject, id) {
      return run(getOne(unit, subject, id));
    },
    getMany(subject, ids) {
      return run(getMany(unit, subject, ids));
    },
    all(subject) {
      return run(getAll(unit, subject));
    },
    put(subject, record) {
      refuseForeign(subject);
      const value = toJsonObject(record, `${subject.class} ${record.id}`);
      unit.put(subject.class, String(canonicalId(subject, record.id)), value);
      return typed(subject, value);
    },
    delete(subject, id) {
      refuseForeign(subject);
      unit.delete(subject.class, String(canonicalId(subject, id)));
    },
    nextId(subject) {
      return run(nextId(unit, subject, newId));
    },
  };
}

/** Reads subjects of one class, from the unit of work or from where the class says they live. */
export function readSubjects(unit: UnitOfWork, subject: SubjectClass, ids: readonly string[]): Steps<readonly (JsonObject | undefined)[]> {
  const { source } = subject;
  return source === null ? unit.getMany(subject.class, ids) : unit.getForeign(subject.class, ids, source);
}

function* getOne<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>, id: R["id"]): Steps<R | undefined> {
  const [record] = yield* getMany(unit, subject, [id]);
  return record;
}

function* getMany<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>, ids: readonly R["id"][]): Steps<readonly (R | undefined)[]> {
  const values = yield* readSubjects(unit, subject, ids.map((id) => String(canonicalId(subject, id))));
  return values.map((value) => (value === undefined ? undefined : typed(subject, value)));
}

function* getAll<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>): Steps<readonly R[]> {
  refuseForeign(subject);
  const all: R[] = [];
  let after: string | null | undefined;
  while (after !== null) {
    const page = yield* unit.list(subject.class, after === undefined ? { limit: PAGE } : { limit: PAGE, after });
    for (const record of page.records) all.push(typed(subject, record.value));
    after = page.next;
  }
  return all;
}

function* nextId<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>, newId: NewId): Steps<R["id"]> {
  if (subject.id.name === "uuid") return newId();
  if (subject.id.name !== "integer") throw new TypeError(`${subject.class}: IDs of kind "${subject.id.name}" are not made here; give the record its id`);
  const sequence = yield* unit.get(SEQUENCES, subject.class);
  let next = typeof sequence?.["last"] === "number" ? sequence["last"] + 1 : (yield* greatestId(unit, subject)) + 1;
  while ((yield* unit.get(subject.class, String(next))) !== undefined) next++;
  unit.put(SEQUENCES, subject.class, toJsonObject({ last: next }));
  return next;
}

function* greatestId<R extends SubjectRecord>(unit: UnitOfWork, subject: SubjectClass<R>): Steps<number> {
  const records = yield* getAll(unit, subject);
  return records.reduce((greatest, { id }) => (typeof id === "number" && id > greatest ? id : greatest), 0);
}

function canonicalId(subject: SubjectClass, id: SubjectId): SubjectId {
  const parsed = subject.id.parse(String(id));
  if (parsed === undefined) throw new TypeError(`${subject.class}: ${JSON.stringify(id)} is no ID of kind "${subject.id.name}"`);
  return parsed;
}

function refuseForeign(subject: SubjectClass): void {
  if (subject.source !== null) throw new TypeError(`${subject.class} lives outside the store and can only be read by ID`);
}

/** What the store holds for a class is what put() was given for it, or what the application loaded. */
export function typed<R extends SubjectRecord>(_subject: SubjectClass<R>, value: JsonObject): R {
  // A stored value has lost its static type; the class is the key under which it was put, typed.
  return value as JsonObject & R;
}
