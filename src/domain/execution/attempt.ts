import type { Action } from "../catalog/action.ts";
import { ActionError, StoreUnavailable } from "../errors.ts";
import type { Identity } from "../identity.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { failed, invalidParams, type Failed, type Outcome } from "./outcome.ts";
import type { PendingReference } from "../params/index.ts";
import type { NewId } from "../ports.ts";
import { asRecord, toOutcome, type Presentation } from "./result.ts";
import { settle, type Steps } from "../steps.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { createSubjects, readSubjects } from "./subjects.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import { createStarts, type WorkflowStarter } from "../workflow/start.ts";

/** One action on one subject (or on none) by one identity, with parameters nobody has looked at yet. */
export interface Execution {
  readonly action: Action;
  /** The canonical ID; null for an action without a subject. */
  readonly id: string | null;
  readonly params: unknown;
  readonly identity: Identity;
}

/** What an attempt takes from outside. */
export interface AttemptPorts {
  readonly newId: NewId;
  /** The subject class of this name; null when it is none. */
  readonly subjectClass: (name: string) => SubjectClass | null;
  readonly workflows: WorkflowStarter;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Takes note of an unforeseen failure's cause. */
  readonly report: (error: unknown, execution: Execution) => void;
}

/**
 * Runs an execution in a unit of work, in the contract's order: subject, authorize, parameters,
 * preconditions, handle. Commits nothing, and always answers: only a store that is out of order throws.
 */
export function* attempt(execution: Execution, unit: UnitOfWork, ports: AttemptPorts): Steps<Outcome> {
  try {
    return yield* inOrder(execution, unit, ports);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    if (error instanceof ActionError) return refused(error);
    ports.report(error, execution);
    return failed("internal_error");
  }
}

function* inOrder(execution: Execution, unit: UnitOfWork, ports: AttemptPorts): Steps<Outcome> {
  const { action, identity } = execution;
  const subject = yield* findSubject(execution, unit);
  if (subject === undefined) return failed("subject_not_found");
  const refusal = yield* authorize(action, identity, subject);
  if (refusal !== null) return refusal;
  const checked = yield* checkParams(action, execution.params, identity, unit);
  if ("kind" in checked) return checked;
  const { newId } = ports;
  const workflows = createStarts(ports.workflows, execution, unit);
  const base = { identity, params: checked.params, now: new Date(ports.now).toISOString(), subjects: createSubjects(unit, newId), workflows, newId };
  const context = subject === null ? base : Object.assign(base, { subject });
  yield* settle(action.preconditions(context));
  const result = yield* settle(action.handle(context));
  const outcome = toOutcome(result, presentationOf(action, unit, ports));
  if (action.effect === "read" && unit.changed) throw new TypeError(`action "${action.key}" has the effect "read" and changed something`);
  return outcome;
}

/** The subject's record: null for an action without one; undefined when it is not there for this identity. */
function* findSubject({ action, id, identity }: Execution, unit: UnitOfWork): Steps<JsonObject | null | undefined> {
  if (action.subject === null || id === null) return null;
  const [value] = yield* readSubjects(unit, action.subject, [id]);
  if (value === undefined || action.subject.visible({ identity, record: asRecord(value) }) !== true) return undefined;
  return value;
}

/** Null when the action may go on. */
function* authorize(action: Action, identity: Identity, subject: JsonObject | null): Steps<Failed | null> {
  const asked = new AskedIdentity(identity);
  const context = subject === null ? { identity: asked } : { identity: asked, subject };
  const allowed = yield* settle(action.authorize(context));
  return allowed === true ? null : { ...failed("forbidden"), missing: [...new Set(asked.missing)] };
}

/** The identity as `authorize()` sees it: it remembers which permissions were asked for and not held. */
class AskedIdentity implements Identity {
  readonly kind;
  readonly issuer;
  readonly id;
  readonly name;
  readonly permissions;
  readonly missing: string[] = [];
  readonly can: (permission: string) => boolean;

  constructor(identity: Identity) {
    this.kind = identity.kind;
    this.issuer = identity.issuer;
    this.id = identity.id;
    this.name = identity.name;
    this.permissions = identity.permissions;
    this.can = (permission) => identity.can(permission) || (this.missing.push(permission), false);
  }
}

/** Parameters that passed every check: by schema, by reference, between each other. */
export function* checkParams(action: Action, input: unknown, identity: Identity, unit: UnitOfWork): Steps<{ readonly params: unknown } | Failed> {
  const parsed = yield* settle(action.params.parse(input));
  if (!parsed.ok) return invalidParams(parsed.errors);
  const errors = parsed.references.length === 0 ? null : yield* resolveReferences(parsed.references, identity, unit);
  if (errors !== null) return invalidParams(errors);
  const faults = action.validate(parsed.value);
  if (faults !== undefined && Object.keys(faults).length > 0) return invalidParams(faults);
  return { params: parsed.value };
}

/** Puts the records in their places, one read for each class; what is missing or invisible is a fault of its field. */
function* resolveReferences(references: readonly PendingReference[], identity: Identity, unit: UnitOfWork): Steps<Record<string, string[]> | null> {
  const errors = new Map<string, string[]>();
  for (const subject of new Set(references.map((reference) => reference.subject))) {
    const pending = references.filter((reference) => reference.subject === subject);
    const values = yield* readSubjects(unit, subject, pending.map((reference) => String(reference.id)));
    pending.forEach((reference, index) => {
      const record = visibleRecord(subject, values[index], identity);
      if (record === undefined) errors.set(reference.path, [`There is no ${subject.param} with the ID ${reference.id}.`]);
      else reference.resolve(record);
    });
  }
  return errors.size === 0 ? null : Object.fromEntries(errors);
}

function visibleRecord(subject: SubjectClass, value: JsonObject | undefined, identity: Identity): ReturnType<typeof asRecord> | undefined {
  if (value === undefined) return undefined;
  const record = asRecord(value);
  return subject.visible({ identity, record }) === true ? record : undefined;
}

/** A result that this execution read or wrote is a record of its class; one that brings no title is taken for the subject. */
function presentationOf(action: Action, unit: UnitOfWork, ports: AttemptPorts): Presentation {
  return {
    key: action.key,
    returns: action.returns,
    message: action.message,
    recordOf(result) {
      const known = unit.recordOf(result);
      if (known === undefined) return action.subject === null || "title" in result ? null : { subject: action.subject, record: toJsonObject(result) };
      const subject = ports.subjectClass(known.collection);
      return subject === null ? null : { subject, record: known.value };
    },
  };
}

function refused(error: ActionError): Outcome {
  const { message, code, details } = error;
  return { kind: "refused", message, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) };
}
