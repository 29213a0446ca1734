import { channel, tracingChannel } from "node:diagnostics_channel";
import type { Trace, Traced, TracedCommit, TracedExecution, TracedStep, Tracing } from "../../domain/observation/tracing.ts";
import type { RequestTracing, TracedRequest } from "../http/tracing.ts";
import { CHANNELS } from "./channels.ts";
import { traceOn, type Channels } from "./trace-on.ts";

/** All that can be followed of Actionport, connected to the channels of node:diagnostics_channel. */
export interface DiagnosticsTracing extends Tracing, RequestTracing {}

/**
 * Connects what Actionport does to the channels of `node:diagnostics_channel`: for the `tracing` of `createActions`, `createRest`,
 * `createAuthorizationServer` and the servers. While nobody has subscribed to a channel, nothing is made for it.
 */
export function createTracing(): DiagnosticsTracing {
  const request = new Followed<TracedRequest>(CHANNELS.request);
  const execution = new Followed<TracedExecution>(CHANNELS.execution);
  const commit = new Followed<TracedCommit>(CHANNELS.commit);
  const step = new Followed<TracedStep>(CHANNELS.step);
  const runs = channel(CHANNELS.run);
  const tell: Tracing["run"] = (news) => runs.publish(news);
  return {
    get request() {
      return request.trace;
    },
    get execution() {
      return execution.trace;
    },
    get commit() {
      return commit.trace;
    },
    get step() {
      return step.trace;
    },
    get run() {
      return runs.hasSubscribers ? tell : null;
    },
  };
}

/** One kind of work, and who has subscribed to it. */
class Followed<M extends Traced> {
  readonly #channels: Channels;
  readonly #trace: Trace<M>;

  constructor(name: string) {
    // Held here for as long as the process lives: Node keeps channels by name only weakly.
    this.#channels = tracingChannel(name);
    this.#trace = traceOn(this.#channels);
  }

  /** Null while nobody has. Node 20 can only be asked channel by channel. */
  get trace(): Trace<M> | null {
    const { start, end, asyncStart, asyncEnd, error } = this.#channels;
    const isFollowed = start.hasSubscribers || end.hasSubscribers || asyncStart.hasSubscribers || asyncEnd.hasSubscribers || error.hasSubscribers;
    return isFollowed ? this.#trace : null;
  }
}
