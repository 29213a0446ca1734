import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { CHANNELS, createMetrics, createTracing } from "../../src/adapters/diagnostics/index.ts";
import { startAsItComes, startFollowed } from "../http/servers/ours.ts";
import type { StartServer } from "../http/started.ts";

/** What the others are compared with. */
export const WITHOUT = "without tracing";

/** By the name that stands in the report. */
export const VARIANTS: Readonly<Record<string, StartServer>> = {
  [WITHOUT]: startAsItComes,
  "nobody follows": () => startFollowed(createTracing()),
  "figures": startWithFigures,
  "a span each": startWithSpans,
};

function startWithFigures(): ReturnType<StartServer> {
  createMetrics();
  return startFollowed(createTracing());
}

/** What a tracer does at least: the current span is bound, and each span has a parent. */
function startWithSpans(): ReturnType<StartServer> {
  const current = new AsyncLocalStorage<object>();
  const nothing = () => undefined;
  for (const name of [CHANNELS.request, CHANNELS.execution, CHANNELS.commit, CHANNELS.step]) {
    const channels = tracingChannel<object, object>(name);
    channels.start.bindStore(current, (message) => ({ message, parent: current.getStore() }));
    channels.subscribe({ start: nothing, end: nothing, asyncStart: nothing, asyncEnd: nothing, error: nothing });
  }
  return startFollowed(createTracing());
}
