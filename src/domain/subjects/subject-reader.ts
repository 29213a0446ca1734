import type { Action } from "../catalog/action.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { endsCall } from "../errors.ts";
import { failed, type Failed } from "../execution/answer/outcome.ts";
import { present } from "../execution/answer/result.ts";
import { report, type Asking, type Calling } from "../execution/execution-ports.ts";
import { answerSafely } from "../execution/execute.ts";
import { inTime } from "../execution/time/in-time.ts";
import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { Page } from "../page.ts";
import { checkSubject, type ActionCheck, type Reader, type ReadSubject } from "./check-subject.ts";
import { describeSubject, type SubjectDescription } from "./describe-subject.ts";
import { listSubjects, type Listing, type SubjectQuery } from "./list-subjects.ts";
import { findReadable, isVisible, mayRead } from "./readable.ts";
import { toTrial } from "./trial.ts";

/** A subject as clients see it: `id`, `title`, its public fields. */
export interface SubjectAnswer {
  readonly kind: "subject";
  readonly data: JsonObject;
}

/** The same with what could be done with it now, in the order of the actions' keys. */
export interface CheckedSubject extends SubjectAnswer {
  readonly actions: readonly ActionCheck[];
}

/**
 * Subjects, looked up by those whom their class lets `read` them. For everybody else the class does not seem to exist: `not_found`. A record
 * that is not `visible` to the identity is left out.
 */
export interface SubjectReader {
  /** The classes that the identity may read, by name. */
  classes(identity: Identity, asking?: Asking): readonly SubjectDescription[];
  /** A page of a class. Of a call that wants some only, 10,000 records are looked at, so its page may be short and still have a `next`. */
  list(identity: Identity, className: string, query?: SubjectQuery, asking?: Asking): Promise<Page | Failed>;
  /** One subject; the ID as it came. */
  get(identity: Identity, className: string, id: string, asking?: Asking): Promise<SubjectAnswer | Failed>;
  /**
   * One subject, and for each action on its class whether the identity could do it now: by the action's own `authorize` and `preconditions`, never by its `handle`.
   * No parameters are given: those that may be left out have their defaults; where some may not, preconditions count as far as they do not look at parameters.
   */
  check(identity: Identity, className: string, id: string, asking?: Asking): Promise<CheckedSubject | Failed>;
}

/** Makes the reader of a catalog's subjects. */
export function createSubjectReader(ports: Listing): SubjectReader {
  const { actions, subjects } = ports.catalog;
  const inOrder = [...subjects].sort((a, b) => (a.class < b.class ? -1 : 1));
  const descriptions = new Map(inOrder.map((subject) => [subject, describeSubject(subject, actions)]));
  const trials = new Map(inOrder.map((subject) => [subject, actions.filter((action) => action.subject === subject).map(toTrial)]));
  return {
    classes: (identity, asking = {}) => [...descriptions].filter(([subject]) => mayRead(ports, identity, subject, asking)).map(([, description]) => description),
    list: (identity, name, query = {}, asking = {}) => answerFor(ports, identity, { ...asking, key: name }, (subject) => listSubjects(ports, identity, subject, query)),
    get: (identity, name, id, asking = {}) => answerFor(ports, identity, { ...asking, key: name }, async (subject) => toAnswer(await find(ports, identity, subject, id))),
    check: (identity, name, id, asking = {}) => answerFor(ports, identity, { ...asking, key: name }, async (subject) => check(ports, { identity, asking }, await find(ports, identity, subject, id), trials.get(subject) ?? [])),
  };
}

/** Never rejects: what is unforeseen is told to whoever observes, and is an `internal_error` to whoever asked. */
async function answerFor<T>(ports: Listing, identity: Identity, call: Calling, answer: (subject: SubjectClass) => Promise<T | Failed>): Promise<T | Failed> {
  const subject = findReadable(ports, identity, call);
  if (subject === null) return failed("not_found");
  return answerSafely<T | Failed>(ports, call, async () => {
    try {
      return await answer(subject);
    } catch (error) {
      if (endsCall(error)) throw error;
      report(ports, call, "internal_error", error);
      return failed("internal_error");
    }
  });
}

/** The subject, if it is there for this identity. */
async function find(ports: Listing, identity: Identity, subject: SubjectClass, id: string): Promise<ReadSubject | Failed> {
  const parsed = subject.id.parse(id);
  if (parsed === undefined) return failed("subject_not_found");
  const key = String(parsed);
  const [record = null] = subject.source === null ? await ports.store.read(subject.class, [key]) : [];
  const value = subject.source === null ? record?.value : (await inTime(ports, subject.class, subject.source([key])))[0];
  return value === undefined || !isVisible(subject, identity, value) ? failed("subject_not_found") : { subject, id: key, record, value };
}

function toAnswer(found: ReadSubject | Failed): SubjectAnswer | Failed {
  return "kind" in found ? found : { kind: "subject", data: present(found.subject, found.value) };
}

async function check(ports: Listing, reader: Reader, found: ReadSubject | Failed, trials: readonly Action[]): Promise<CheckedSubject | Failed> {
  if ("kind" in found) return found;
  return { kind: "subject", data: present(found.subject, found.value), actions: await checkSubject(ports, reader, found, trials) };
}
