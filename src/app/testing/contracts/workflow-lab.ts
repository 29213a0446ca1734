import { performance } from "node:perf_hooks";
import { embeddedWorkflows } from "../../../adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../../adapters/memory/index.ts";
import {
  createActions,
  createCatalog,
  createIdentity,
  defineAction,
  everyone,
  defineSubject,
  integerId,
  text,
  type Action,
  type Actions,
  type CreateWorkflowEngine,
  type Identity,
  type IdentityOf,
  type Observation,
  type Observe,
  type RecordStore,
  type Tracing,
  type Workflow,
} from "../../../domain/index.ts";
import { createTestTime, type TestTime } from "../test-time.ts";

export interface CounterRecord {
  readonly id: number;
  readonly count: number;
}

export const Counter = defineSubject({ class: "lab.Counter", param: "counter", id: integerId(), title: (counter: CounterRecord) => `Counter ${counter.id}` });

/** Adds one; whoever may count. */
export const addOne = defineAction({
  key: "add-one",
  label: "Add one",
  subject: Counter,
  authorize: ({ identity }) => identity.can("count"),
  handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }),
});

export const CLERK = createIdentity({ kind: "client", id: "clerk", name: "Clerk", permissions: ["count"] });
export const OTHER = createIdentity({ kind: "client", id: "other", permissions: ["count"] });
export const VIEWER = createIdentity({ kind: "user", id: "viewer", permissions: ["view_workflows"] });
export const MANAGER = createIdentity({ kind: "user", id: "manager", permissions: ["view_workflows", "manage_workflows"] });

/** Lets everything run that is ready. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets run what is ready, and what that makes ready, until nothing is left that does not wait. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await turn();
}

/** A run as its starter sees it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly result?: unknown;
  readonly error?: string;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly poll_after_ms: number | null;
}

/** Everything that a test of workflows needs. */
export interface Lab {
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly time: TestTime;
  readonly observed: Observation[];
  /** Starts the workflow by its action; answers its ID. */
  start(workflow: Workflow, input?: object, identity?: Identity): Promise<string>;
  show(id: string): Promise<Shown>;
  /** Waits until the run has one of these statuses. */
  until(id: string, ...statuses: readonly string[]): Promise<Shown>;
  /** Waits until the run has ended. */
  end(id: string): Promise<Shown>;
  count(id: number): Promise<number>;
}

/** How a lab may differ. */
export interface LabOptions {
  readonly workflows: readonly Workflow[];
  readonly actions?: readonly Action[];
  readonly store?: RecordStore;
  readonly time?: TestTime;
  readonly identityOf?: IdentityOf;
  readonly engine?: CreateWorkflowEngine;
  /** Told of everything beside the lab itself. */
  readonly observe?: Observe;
  /** Default: the lab is open. */
  readonly closed?: true;
  /** What lies between two looks at a run. Default: a turn of the event loop. */
  readonly pause?: () => Promise<void>;
  readonly tracing?: Tracing;
}

/** How long a run is waited for, in milliseconds of real time. */
const PATIENCE_MS = 60_000;

const ENDS = ["completed", "failed", "cancelled", "continued"];

/** One action for each workflow, `start/<name>`, whose parameter is the input as JSON. */
function startOf(workflow: Workflow): Action {
  return defineAction({
    key: `start/${workflow.name.replaceAll("/", "-")}`,
    label: "Start",
    params: { input: text() },
    returns: ["workflow"],
    authorize: everyone,
    handle: ({ workflows, params }) => workflows.start(workflow, JSON.parse(params.input)),
  });
}

let lastId = 0;

/** UUIDs of version 4 that count. */
export function countedId(): string {
  const digits = String(++lastId).padStart(12, "0");
  return `${digits.slice(4)}-0000-4000-8000-${digits}`;
}

/** Opens a lab with ten counters, on a store of its own unless one is given. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { time = createTestTime(), pause = turn } = options;
  const { clock, timer } = time;
  const store = options.store ?? createMemoryStore({ clock });
  await store.commit(Array.from({ length: 10 }, (_, id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0 } }) as const));
  const observed: Observation[] = [];
  const actions = createActions({
    catalog: createCatalog({ actions: [addOne, ...options.workflows.map(startOf), ...(options.actions ?? [])], subjects: [Counter], workflows: options.workflows }),
    store,
    clock,
    newId: countedId,
    observe: (observation) => (observed.push(observation), options.observe?.(observation)),
    timer,
    newAbortController: () => new AbortController(),
    ...(options.tracing === undefined ? {} : { tracing: options.tracing }),
    workflows: {
      engine: options.engine ?? embeddedWorkflows({ timer, random: () => 0 }),
      ...(options.identityOf === undefined ? {} : { identityOf: options.identityOf }),
    },
  });
  if (options.closed === undefined) await actions.workflows.open();
  const show = async (id: string): Promise<Shown> => {
    const found = await actions.workflows.find(MANAGER, id);
    if (found.kind === "failed") throw new Error(found.message);
    return JSON.parse(JSON.stringify(found.run));
  };
  const until = async (id: string, ...statuses: readonly string[]): Promise<Shown> => {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const shown = await show(id);
      if (statuses.includes(shown.status)) return shown;
      if (ENDS.includes(shown.status)) throw new Error(`the run has ended: ${JSON.stringify(shown)}`);
      if (performance.now() > giveUpAt) throw new Error(`the run is still not ${statuses.join(" or ")}: ${JSON.stringify([shown, observed])}`);
      await pause();
    }
  };
  return {
    actions,
    store,
    time,
    observed,
    async start(workflow, input = {}, identity = CLERK) {
      const outcome = await actions.execute({ key: `start/${workflow.name.replaceAll("/", "-")}`, identity, params: { input: JSON.stringify(input) } });
      if (outcome.kind !== "workflow") throw new Error(JSON.stringify([outcome, observed]));
      return outcome.workflow_id;
    },
    show,
    until,
    end: (id) => until(id, ...ENDS),
    async count(id) {
      const [record] = await store.read(Counter.class, [String(id)]);
      return Number(record?.value["count"]);
    },
  };
}
