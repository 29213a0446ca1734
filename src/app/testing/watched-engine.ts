import type { CreateWorkflowEngine, Flow, JsonObject, MaybePromise, StepContext, Workflow, WorkflowHost } from "../../domain/index.ts";

/** What stands in for the steps of workflows: by the workflow's name, then by the step's. */
export type StepFakes = Readonly<Record<string, Readonly<Record<string, (step: StepContext) => unknown>>>>;

/** A workflow that was started. */
export interface StartedRun {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

/** What is seen of an engine at work. */
export interface WatchedEngine {
  readonly create: CreateWorkflowEngine;
  /** Each run that was asked for, by its ID, whether its commit came about or not. */
  readonly asked: ReadonlyMap<string, StartedRun>;
  /** How many functions of workflows are under way: steps, their compensation, the actions they perform. */
  readonly working: number;
  /** How many have begun or ended so far. */
  readonly moves: number;
}

/** The engine, with the fakes in the place of steps, and what is under way counted. */
export function watchEngine(create: CreateWorkflowEngine, fakes: StepFakes): WatchedEngine {
  const asked = new Map<string, StartedRun>();
  const count = { working: 0, moves: 0 };
  const watching = <Given extends readonly unknown[], T>(work: (...given: Given) => MaybePromise<T>) => async (...given: Given): Promise<T> => {
    count.working++;
    count.moves++;
    try {
      return await work(...given);
    } finally {
      count.working--;
      count.moves++;
    }
  };
  const watchWorkflow = (workflow: Workflow): Workflow => ({ ...workflow, run: (flow, input) => workflow.run(watchFlow(flow, fakes[workflow.name] ?? {}, watching), input) });
  const watchHost = (host: WorkflowHost): WorkflowHost => ({
    ...host,
    perform: watching((action, unit) => host.perform(action, unit)),
    workflow(name) {
      const workflow = host.workflow(name);
      return workflow === undefined ? undefined : watchWorkflow(workflow);
    },
  });
  return {
    create(host) {
      const engine = create(watchHost(host));
      const start: typeof engine.start = (commit, start) => {
        const id = engine.start(commit, start);
        asked.set(id, { id, name: start.name, input: start.input });
        return id;
      };
      return {
        start,
        find: (id) => engine.find(id),
        list: (query) => engine.list(query),
        cancel: (id) => engine.cancel(id),
        signal: (id, name, value) => engine.signal(id, name, value),
        results: (id, page) => engine.results(id, page),
        watch: (id, changed) => engine.watch(id, changed),
        open: () => engine.open(),
        close: () => engine.close(),
      };
    },
    asked,
    get working() {
      return count.working;
    },
    get moves() {
      return count.moves;
    },
  };
}

type Watching = <Given extends readonly unknown[], T>(work: (...given: Given) => MaybePromise<T>) => (...given: Given) => Promise<T>;

function watchFlow(flow: Flow, fakes: StepFakes[string], watching: Watching): Flow {
  return {
    ...flow,
    step(name, work, options = {}) {
      const { compensate } = options;
      const fake = Object.hasOwn(fakes, name) ? fakes[name] : undefined;
      // What a fake answers is said to be what the step answers: whoever writes it knows.
      const instead = fake === undefined ? work : (fake as typeof work);
      return flow.step(name, watching(instead), compensate === undefined ? options : { ...options, compensate: watching(compensate) });
    },
    each: (items, work, options) => flow.each(items, watching(work), options),
  };
}
