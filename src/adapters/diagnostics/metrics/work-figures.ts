import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import type { Observation } from "../../../domain/ports.ts";
import type { RunNews, Traced, TracedCommit, TracedExecution, TracedStep } from "../../../domain/observation/tracing.ts";
import type { TracedRequest } from "../../http/tracing.ts";
import { CHANNELS } from "../channels.ts";
import { HistogramFamily, NumberFamily, type Family } from "./family.ts";

/** In seconds, as OpenTelemetry's conventions have them for `http.server.request.duration`. */
const HTTP_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Most of what happens inside takes less than the first of those. */
const INNER_BOUNDS = [0.0005, 0.001, 0.0025, ...HTTP_BOUNDS];

/** A method that is none of these is `_OTHER`: callers may make up as many as they like. */
const METHODS: ReadonlySet<string> = new Set(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"]);

/** The server itself speaks nothing else; what stands in front of it may. */
const SCHEME = "http";

/** The figures of what Actionport does, taken from its channels. */
export class WorkFigures {
  readonly #requests = new HistogramFamily(
    { name: "http_server_request_duration_seconds", type: "histogram", unit: "seconds", help: "How long requests took until their answer was ready.", labels: ["http_request_method", "http_route", "http_response_status_code", "error_type", "url_scheme"] },
    HTTP_BOUNDS,
  );
  readonly #activeRequests = new NumberFamily({ name: "http_server_active_requests", type: "gauge", help: "Requests that are not answered yet.", labels: ["http_request_method", "url_scheme"] });
  readonly #executions = new HistogramFamily(
    { name: "actionport_execution_duration_seconds", type: "histogram", unit: "seconds", help: "How long calls of actions took, until what they did was safe.", labels: ["action", "kind", "outcome"] },
    INNER_BOUNDS,
  );
  readonly #replays = new NumberFamily({ name: "actionport_replays_total", type: "counter", help: "Calls that were answered from memory, under their idempotency key.", labels: ["action"] });
  readonly #bulkItems = new NumberFamily({ name: "actionport_bulk_items_total", type: "counter", help: "Subjects of bulk calls that were answered at once, and what became of them.", labels: ["action", "outcome"] });
  readonly #commits = new HistogramFamily(
    { name: "actionport_commit_duration_seconds", type: "histogram", unit: "seconds", help: "How long the store took to take commits. A conflict is tried again.", labels: ["outcome"] },
    INNER_BOUNDS,
  );
  readonly #steps = new HistogramFamily(
    { name: "actionport_workflow_step_duration_seconds", type: "histogram", unit: "seconds", help: "How long tries of workflows' steps took.", labels: ["workflow", "outcome"] },
    INNER_BOUNDS,
  );
  readonly #runs = new NumberFamily({ name: "actionport_workflow_runs_total", type: "counter", help: "Runs of workflows that have begun or ended.", labels: ["workflow", "status"] });
  readonly #events = new NumberFamily({ name: "actionport_events_total", type: "counter", help: "Lines of the log, by their event.", labels: ["event"] });
  readonly #unfollow: readonly (() => void)[];

  constructor() {
    const active = new Map<Traced, string>();
    this.#unfollow = [
      follow<TracedRequest>(CHANNELS.request, {
        start: (message) => {
          const method = toMethod(message.method);
          active.set(message, method);
          this.#activeRequests.add(1, method, SCHEME);
        },
        ended: (message, seconds) => {
          const method = active.get(message);
          if (method !== undefined) this.#activeRequests.add(-1, method, SCHEME);
          active.delete(message);
          this.#noteRequest(message, seconds);
        },
      }),
      follow<TracedExecution>(CHANNELS.execution, { ended: (message, seconds) => this.#noteExecution(message, seconds) }),
      follow<TracedCommit>(CHANNELS.commit, { ended: ({ outcome }, seconds) => this.#commits.observe(seconds, outcome ?? "failed") }),
      follow<TracedStep>(CHANNELS.step, { ended: ({ workflow, outcome }, seconds) => this.#steps.observe(seconds, workflow, outcome ?? "stopped") }),
      followRuns(({ workflow, status }) => this.#runs.add(1, workflow, status)),
    ];
  }

  get families(): readonly Family[] {
    return [this.#requests, this.#activeRequests, this.#executions, this.#replays, this.#bulkItems, this.#commits, this.#runs, this.#steps, this.#events];
  }

  countEvent({ event }: Observation): void {
    this.#events.add(1, event);
  }

  close(): void {
    for (const end of this.#unfollow) end();
  }

  #noteRequest({ method, route, status }: TracedRequest, seconds: number): void {
    const code = status === null ? "" : String(status);
    const errorType = status === null ? "_OTHER" : status >= 500 ? code : "";
    this.#requests.observe(seconds, toMethod(method), route ?? "", code, errorType, SCHEME);
  }

  #noteExecution({ action, kind, outcome, replayed, items }: TracedExecution, seconds: number): void {
    this.#executions.observe(seconds, action, kind, outcome ?? "thrown");
    if (replayed) this.#replays.add(1, action);
    else if (items !== null && kind === "bulk") for (const name of ["succeeded", "failed", "skipped"] as const) if (items[name] > 0) this.#bulkItems.add(items[name], action, name);
  }
}

/** What is told of one kind of work. */
interface Listener<M> {
  start?(message: M): void;
  ended(message: M, seconds: number): void;
}

/** Answers how to end it. */
function follow<M extends Traced>(name: string, { start, ended }: Listener<M>): () => void {
  const channel = tracingChannel<M, M>(name);
  const end = (message: M) => {
    if (message.durationMs !== undefined) ended(message, message.durationMs / 1000);
  };
  // What is answered at once has ended at `end`; of the rest that only says that it was begun.
  const subscribers = { start: (message: M) => start?.(message), end, asyncStart: ignore, asyncEnd: end, error: ignore };
  channel.subscribe(subscribers);
  return () => void channel.unsubscribe(subscribers);
}

function followRuns(tell: (news: RunNews) => void): () => void {
  // Only Actionport publishes on its own channels.
  const told = (message: unknown) => tell(message as RunNews);
  subscribe(CHANNELS.run, told);
  return () => void unsubscribe(CHANNELS.run, told);
}

function ignore(): void {}

function toMethod(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}
