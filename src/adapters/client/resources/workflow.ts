import type { ApiEntry, BulkResult, Run } from "../api.ts";
import type { CallOptions } from "../options.ts";
import type { Call, Sender } from "../sending/sender.ts";
import { readEvents } from "../streams/lines.ts";
import { resumed } from "../streams/resumed.ts";
import { Listing } from "./listing.ts";
import { segment } from "./path.ts";

const ENDS: ReadonlySet<string> = new Set(["completed", "failed", "continued", "cancelled"]);

/** A run, by its ID. */
export interface WorkflowHandle {
  get(options?: CallOptions): Promise<Run>;
  /** The run once it has ended, whichever way. It has no deadline but `timeoutMs`. */
  wait(options?: CallOptions): Promise<Run>;
  /** Each state that it comes to, the present one first, until it has ended. */
  events(options?: CallOptions): AsyncGenerator<Run, void, void>;
  /** Asks it to end. Sent once. */
  cancel(options?: CallOptions): Promise<Run>;
  /** Hands it a signal. Sent once: there is no key by which a second one would be known. */
  signal(name: string, value?: object, options?: CallOptions): Promise<Run>;
  /** What an asynchronous bulk call has come to so far. */
  results(query?: { readonly after?: string; readonly limit?: number }, options?: CallOptions): Listing<BulkResult<ApiEntry>>;
}

/** The run of this ID. */
export function createWorkflowHandle(sender: Sender, id: string): WorkflowHandle {
  const path = `workflows/${segment(id)}`;
  const ask = async (call: Omit<Call, "repeatable">, options?: CallOptions) => (await sender.ask<Run>({ ...call, repeatable: call.body === undefined }, options)).body;
  const events = (options: CallOptions = {}) => followRun(sender, path, options);
  return {
    get: (options) => ask({ path }, options),
    events,
    async wait(options) {
      let run: Run | undefined;
      for await (run of events(options));
      return run ?? ask({ path }, options);
    },
    cancel: (options) => ask({ path: `${path}/cancel`, body: "{}" }, options),
    signal: (name, value = {}, options) => ask({ path: `${path}/signal/${segment(name)}`, body: JSON.stringify(value) }, options),
    results: (query, options) => new Listing(sender, `${path}/results`, { ...query }, options),
  };
}

function followRun(sender: Sender, path: string, options: CallOptions): AsyncGenerator<Run, void, void> {
  let shown = "";
  return resumed<Run>(sender, options, {
    silent: false,
    call: () => ({ path, repeatable: true, headers: { accept: "text/event-stream" } }),
    async *read(lines) {
      for await (const { data } of readEvents(lines)) {
        if (!data) continue;
        const run: Run = JSON.parse(data);
        // A new stream begins with the state that the last one has shown.
        if (data !== shown) yield run;
        shown = data;
        if (ENDS.has(run.status)) return true;
      }
      return false;
    },
  });
}
