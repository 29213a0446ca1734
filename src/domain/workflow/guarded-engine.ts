import { guard, unavailable } from "../execution/guarded-store.ts";
import type { WorkflowEngine } from "./port.ts";

/** An engine as the domain asks it: whatever it throws or rejects with when it is asked is `StoreUnavailable`. */
export function guardEngine(engine: WorkflowEngine): WorkflowEngine {
  const asking = <Given extends unknown[], T>(ask: (...given: Given) => T | PromiseLike<T>) => (...given: Given) => {
    try {
      return guard(ask(...given));
    } catch (error) {
      return unavailable(error);
    }
  };
  return {
    start: (commit, start) => engine.start(commit, start),
    find: asking((id: string) => engine.find(id)),
    list: asking((query) => engine.list(query)),
    cancel: asking((id: string) => engine.cancel(id)),
    signal: asking((id: string, name, value) => engine.signal(id, name, value)),
    results: asking((id: string, page) => engine.results(id, page)),
    watch: (id, changed) => engine.watch(id, changed),
    open: () => engine.open(),
    close: () => engine.close(),
  };
}
