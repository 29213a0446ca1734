import { requireFunction, requireObject, requireOptions, type Names } from "../check-option.ts";
import { compileParams, type CompiledShape, type InferShape, type InferShapeInput, type ParamShape } from "../params/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Flow } from "./flow.ts";

/** A workflow as it is declared with {@link defineWorkflow}. */
export interface WorkflowDefinition<S extends ParamShape> {
  /** One to four segments such as `orders/fulfilment`, unique in a catalog. Runs that have not ended are found by it after a restart. */
  readonly name: string;
  /** What it is started with. No references: a record would be out of date. Default: nothing. */
  readonly input?: S;
  /** What its signals carry, by name. A signal that is not named here, or does not fit, is refused at once. Default: any is taken. */
  readonly signals?: Readonly<Record<string, ParamShape>>;
  /** How many runs may be at work at once; one that waits for a time or a signal does not count. 1 to 10,000. Default 100. */
  readonly concurrency?: number;
  /** The work. Ordinary code, but it awaits nothing except what `flow` answers, and takes time and chance from steps. */
  readonly run: (flow: Flow, input: InferShape<S>) => MaybePromise<unknown>;
}

/** A workflow, ready for a catalog. `I` is what `run` gets, `In` what it is started with. */
export interface Workflow<I = unknown, In = unknown> {
  /** Only in the type. */
  readonly "~input"?: In;
  readonly name: string;
  readonly input: CompiledShape<I>;
  /** Null: any signal is taken. */
  readonly signals: ReadonlyMap<string, CompiledShape<unknown>> | null;
  readonly concurrency: number;
  run(flow: Flow, input: I): MaybePromise<unknown>;
}

const OPTIONS: Names<WorkflowDefinition<ParamShape>> = { name: true, input: true, signals: true, concurrency: true, run: true };
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*){0,3}$/;
const SIGNAL = /^[a-z0-9_-]{1,100}$/;
const MAX_CONCURRENCY = 10_000;

/**
 * Declares a workflow: work that outlives the request. Throws a TypeError that names it for a wrong name, input,
 * signal or concurrency.
 */
export function defineWorkflow<const S extends ParamShape = Record<never, never>>(definition: WorkflowDefinition<S>): Workflow<InferShape<S>, InferShapeInput<S>>;
// The types above follow from the shape alone; what runs works with any.
export function defineWorkflow(definition: WorkflowDefinition<ParamShape>): Workflow {
  const { name, concurrency = 100 } = definition;
  if (typeof name !== "string" || !NAME.test(name)) throw new TypeError(`workflow "${name}": a name is one to four segments of a-z, 0-9 and single hyphens, joined by "/": "orders/fulfilment"`);
  requireOptions(`workflow "${name}"`, definition, OPTIONS);
  requireFunction(`workflow "${name}": run`, definition.run, "give it the work: async (flow, input) => { … }");
  if (definition.signals !== undefined) requireObject(`workflow "${name}": signals`, definition.signals, "what each of them carries, { approved: { by: text() } }");
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw new TypeError(`workflow "${name}": concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}, not ${concurrency}`);
  }
  const signals = Object.entries(definition.signals ?? {}).map(([signal, shape]) => [checkSignalName(signal), compileIn(name, `signals.${signal}`, shape)] as const);
  const { run } = definition;
  return Object.freeze({
    name,
    input: compileIn(name, "input", definition.input ?? {}),
    signals: definition.signals === undefined ? null : new Map(signals),
    concurrency,
    run: (flow: Flow, input: unknown) => run(flow, ofShape(input)),
  });
}

/** The name, when it can be a signal's. */
export function checkSignalName(name: string): string {
  if (SIGNAL.test(name)) return name;
  throw new TypeError(`signal "${name}": a name is 1 to 100 of a-z, 0-9, "_" and "-"`);
}

function compileIn(name: string, part: string, shape: ParamShape): CompiledShape<unknown> {
  requireObject(`workflow "${name}": ${part}`, shape, "parameter types by name, { order: integer() }");
  const compiled = compileParams(shape);
  if (compiled.subjects.length === 0) return compiled;
  throw new TypeError(`workflow "${name}": its input and signals take IDs, not references; read the subject in a step`);
}

/** What the compiled shape has answered is of that shape; the overload says so to callers. */
function ofShape(input: unknown): InferShape<ParamShape> {
  return input as InferShape<ParamShape>;
}
