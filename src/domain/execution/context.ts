import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { Action } from "../catalog/action.ts";
import { createStarts, type WorkflowStarts } from "../workflow/start.ts";
import type { Engine } from "./engine.ts";
import { HandlerUnit } from "./handler-unit.ts";
import { createSubjects, type Subjects } from "./subjects.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Whose handler it is that gets a context. */
export interface ContextOf {
  readonly engine: Engine;
  readonly action: Action;
  readonly id: string | null;
  readonly identity: Identity;
  readonly params: unknown;
  readonly unit: UnitOfWork;
  /** Epoch milliseconds. */
  readonly at: number;
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

/** What `preconditions()` and `handle()` of an action without a subject work with. What is not used is not made. */
export class Context {
  readonly identity: Identity;
  readonly params: unknown;
  readonly #of: ContextOf;
  readonly #work: HandlerUnit;
  #subjects: Subjects | null = null;
  #workflows: WorkflowStarts | null = null;

  constructor(of: ContextOf) {
    this.identity = of.identity;
    this.params = of.params;
    this.#of = of;
    this.#work = new HandlerUnit(of.unit);
  }

  get now(): string {
    return this.#of.engine.timestamps.textOf(this.#of.at);
  }

  get newId(): () => string {
    return this.#of.engine.newId;
  }

  get subjects(): Subjects {
    return (this.#subjects ??= createSubjects(this.#work, this.#of.engine.newId));
  }

  get workflows(): WorkflowStarts {
    return (this.#workflows ??= createStarts(this.#of.engine.workflows, this.#of, this.#work));
  }

  /** From here on nothing can be changed: the handler has returned. */
  close(): void {
    this.#work.close();
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
