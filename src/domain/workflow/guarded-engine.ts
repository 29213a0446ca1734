import { guard, unavailable } from "../execution/guarded-store.ts";
import type { Observe } from "../ports.ts";
import type { WorkflowEngine } from "./port.ts";

/**
 * An engine as the domain asks it: whatever it throws or rejects with when it is asked is `StoreUnavailable`. The first start before it was opened is
 * told, since nothing here runs what is started then.
 */
export function guardEngine(engine: WorkflowEngine, observe: Observe): WorkflowEngine {
  let isUntold = true;
  const asking = <Given extends unknown[], T>(ask: (...given: Given) => T | PromiseLike<T>) => (...given: Given) => {
    try {
      return guard(ask(...given));
    } catch (error) {
      return unavailable(error);
    }
  };
  return {
    start(commit, start) {
      if (isUntold) isUntold = tellTooEarly(observe, start.action);
      return engine.start(commit, start);
    },
    find: asking((id: string) => engine.find(id)),
    list: asking((query) => engine.list(query)),
    cancel: asking((id: string) => engine.cancel(id)),
    signal: asking((id: string, name, value) => engine.signal(id, name, value)),
    results: asking((id: string, page) => engine.results(id, page)),
    watch: (id, changed) => engine.watch(id, changed),
    open() {
      isUntold = false;
      return engine.open();
    },
    close: () => engine.close(),
  };
}

/** Answers false: it is told once. */
function tellTooEarly(observe: Observe, action: string): false {
  const error = new Error(`action "${action}" started a workflow before actions.workflows.open(), and until then nothing here runs it; await open() before anything is called`);
  observe({ event: "workflow_started_before_open", action, error });
  return false;
}
