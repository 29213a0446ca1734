import { isObject, toJson, toJsonObject, type Json, type JsonObject } from "../../json.ts";
import type { Succeeded } from "./outcome.ts";
import type { SubjectClass } from "../../catalog/subject.ts";
import type { SubjectId } from "../../catalog/subject-id.ts";

/** What a handler can answer with: the rows of the table in docs/http.md, "Execute". */
export const RETURN_KINDS = ["message", "data", "workflow", "nothing"] as const;

/** What a handler returns: a string, one subject, a started workflow, or nothing. */
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** One subject: a record of a subject class, or an object that brings its own `id` and `title`. */
export interface SubjectResult {
  readonly id: SubjectId;
}

/** A workflow that was started; made by {@link workflowStarted}. */
export class StartedWorkflow {
  readonly workflowId: string;

  constructor(workflowId: string) {
    this.workflowId = workflowId;
  }
}

/** What a handler returns to say that work goes on after the answer: the workflow's ID. */
export function workflowStarted(workflowId: string): StartedWorkflow {
  return new StartedWorkflow(workflowId);
}

/** A result with a hint for web adapters where to send the browser next. */
export class Redirected<T> {
  readonly result: T;
  readonly to: string;

  constructor(result: T, to: string) {
    this.result = result;
    this.to = to;
  }
}

/** Adds a redirect hint to a result. The HTTP API ignores it; it is for web adapters. */
export function withRedirect<T>(result: T, to: string): Redirected<T> {
  return new Redirected(result, to);
}

/** Data that is no subject; made by {@link value}. */
export class ValueResult<D = unknown> {
  readonly #data: D;

  constructor(data: D) {
    this.#data = data;
  }

  get data(): D {
    return this.#data;
  }
}

/** What a handler returns when its data is no subject: an object as it is, which needs neither id nor title. */
export function value<D extends object>(data: D): ValueResult<D> {
  return new ValueResult(data);
}

declare const SHOWN: unique symbol;

/** A type that knows what clients are shown of it. Only in the type. */
export interface ShownAs<D> {
  readonly [SHOWN]: D;
}

/** A record as `subjects` hands it out: it is shown by its class, and needs no title of its own. */
export type SeenRecord<D = unknown> = SubjectResult & ShownAs<D>;

/** The types that belong to each row. */
interface ResultTypes {
  readonly message: string;
  readonly data: SubjectResult | ValueResult;
  readonly workflow: StartedWorkflow;
  readonly nothing: null | undefined | void;
}

/** What a handler may return when it answers with these rows. */
export type HandlerResult<K extends ReturnKind = ReturnKind> = ResultTypes[K] | Redirected<ResultTypes[K]>;

/** What the mapping must know of the action. */
export interface Presentation {
  readonly key: string;
  readonly returns: readonly ReturnKind[];
  /** The success message that stands beside the data. */
  readonly message: string | ((result: unknown) => string);
  /** A result that is a record of a class, as clients see it. Null: it is shown as it is. */
  showResult(result: object): JsonObject | null;
}

/** Maps what `handle()` returned. Throws a TypeError that names the action when it is not one of the four. */
export function toOutcome(result: unknown, presentation: Presentation): Succeeded {
  if (result instanceof Redirected) return { ...toOutcome(result.result, presentation), redirect: result.to };
  const kind = kindOf(result, presentation.key);
  if (!presentation.returns.includes(kind)) {
    throw new TypeError(`action "${presentation.key}": handle() returned ${kind}, which its "returns" does not name`);
  }
  if (typeof result === "string") return { kind: "message", message: result };
  if (result instanceof StartedWorkflow) return { kind: "workflow", workflow_id: result.workflowId };
  if (typeof result !== "object" || result === null) return { kind: "nothing" };
  const data = result instanceof ValueResult ? toValue(result.data, presentation) : toData(result, presentation);
  return { kind: "data", message: messageFor(result instanceof ValueResult ? data : result, presentation), data };
}

function messageFor(result: object, { key, message }: Presentation): string {
  return typeof message === "string" ? message : madeMessage(key, message, result);
}

function madeMessage(key: string, make: (result: unknown) => unknown, result: object): string {
  let made: unknown;
  try {
    made = make(result);
  } catch (cause) {
    throw new TypeError(`action "${key}": its message failed: ${String(cause)}`, { cause });
  }
  if (typeof made !== "string") throw new TypeError(`action "${key}": its message must be a text, not ${made === null ? "null" : typeof made}`);
  return made;
}

function kindOf(result: unknown, key: string): ReturnKind {
  if (result === null || result === undefined) return "nothing";
  if (typeof result === "string") return "message";
  if (result instanceof StartedWorkflow) return "workflow";
  if (typeof result === "object" && ("id" in result || result instanceof ValueResult)) return "data";
  throw new TypeError(`action "${key}": handle() must return a string, one subject (an object with an id), value({ … }), a started workflow or nothing`);
}

function toValue(data: unknown, { key }: Presentation): JsonObject {
  if (!isObject(data)) throw new TypeError(`action "${key}": value() takes an object`);
  return toJsonObject(data, `the value of "${key}"`);
}

function toData(result: object, presentation: Presentation): JsonObject {
  const shown = presentation.showResult(result);
  if (shown !== null) return shown;
  const { id, title, ...rest } = toJsonObject(result, `the result of "${presentation.key}"`);
  if ((typeof id !== "string" && typeof id !== "number") || typeof title !== "string") {
    throw new TypeError(`action "${presentation.key}": an object that is not a record of a subject class needs an id and a title`);
  }
  return Object.freeze({ id, title, ...rest });
}

/** A record as clients see it: `id`, `title`, then its public fields. */
export function present(subject: SubjectClass, record: JsonObject): JsonObject {
  // An object that begins empty has room for more.
  const shown: Record<string, Json> = {};
  shown["id"] = record["id"] ?? null;
  shown["title"] = titleOf(subject, record);
  if (subject.fields === null) for (const field in record) showField(shown, field, record[field]);
  else for (const field of subject.fields) showField(shown, field, record[field]);
  return Object.freeze(shown);
}

function showField(shown: Record<string, Json>, field: string, value: Json | undefined): void {
  if (value !== undefined && field !== "id" && field !== "title") shown[field] = value;
}

/** The title of a record. */
export function titleOf(subject: SubjectClass, record: JsonObject): string {
  const title: unknown = subject.title(asRecord(record));
  if (typeof title === "string") return title;
  if (title === undefined || title === null) throw new TypeError(`subject class "${subject.class}": title must answer a text, not ${String(title)}`);
  return String(toJson(title, `the title of a ${subject.class}`));
}

/** A value as the record that it must be. */
export function asRecord<T extends object>(value: T): T & SubjectResult {
  if (!hasId(value)) throw new TypeError("a subject's record has no id");
  return value;
}

function hasId<T extends object>(value: T): value is T & SubjectResult {
  return "id" in value && (typeof value.id === "string" || typeof value.id === "number");
}
