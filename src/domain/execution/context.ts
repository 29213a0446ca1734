import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { Action } from "../catalog/action.ts";
import { fail } from "../catalog/declared/declared-errors.ts";
import { createStarts, type WorkflowStarts } from "../workflow/start.ts";
import type { ExecutionPorts } from "./execution-ports.ts";
import { HandlerUnit, type Closed } from "./unit/handler-unit.ts";
import { createSubjects, type Subjects } from "./unit/subjects.ts";
import type { UnitOfWork } from "./unit/unit-of-work.ts";

/** Whose handler it is that gets a context. */
export interface ContextOf {
  readonly ports: ExecutionPorts;
  readonly action: Action;
  readonly id: string | null;
  readonly identity: Identity;
  readonly params: unknown;
  /** The same, if they are frozen JSON. */
  readonly frozenParams: JsonObject | undefined;
  readonly unit: UnitOfWork;
  /** Epoch milliseconds. */
  readonly at: number;
  /** To which trace the execution belongs. */
  readonly traceparent: string | undefined;
  /** Made when it is asked for. */
  readonly signal: AbortSignal;
}

/** What `authorize()` of an action without a subject decides on. */
export class AuthorizeContext {
  readonly identity: Identity;

  constructor(identity: Identity) {
    this.identity = identity;
  }
}

/** The same with the subject that the action is about. */
export class SubjectAuthorizeContext extends AuthorizeContext {
  readonly subject: JsonObject;

  constructor(identity: Identity, subject: JsonObject) {
    super(identity);
    this.subject = subject;
  }
}

/** What `preconditions()` and `handle()` of an action without a subject work with. */
export class Context {
  readonly identity: Identity;
  readonly params: unknown;
  readonly now: string;
  readonly subjects: Subjects;
  readonly workflows: WorkflowStarts;
  readonly newId: () => string;
  readonly #of: ContextOf;
  readonly #work: HandlerUnit;

  constructor(of: ContextOf) {
    const { ports, unit } = of;
    this.#of = of;
    this.#work = new HandlerUnit(unit, of.frozenParams);
    this.identity = of.identity;
    this.params = of.params;
    this.now = ports.timestamps.textOf(of.at);
    this.subjects = createSubjects(this.#work, ports.newId);
    this.workflows = createStarts(ports.workflows, of, this.#work);
    this.newId = ports.newId;
  }

  /** Makes an error that the action declares. */
  get fail(): typeof fail {
    return fail;
  }

  /** Most handlers never ask for it. */
  get signal(): AbortSignal {
    return this.#of.signal;
  }

  get traceparent(): string | undefined {
    return this.#of.traceparent;
  }

  /** From here on nothing can be changed. */
  close(why?: Closed): void {
    this.#work.close(why);
  }
}

/** The same with the subject that the action is about. */
export class SubjectContext extends Context {
  readonly subject: JsonObject;

  constructor(of: ContextOf, subject: JsonObject) {
    super(of);
    this.subject = subject;
  }
}
