import { StoreUnavailable } from "../errors.ts";
import { report, type ExecutionPorts } from "../execution/execution-ports.ts";
import { Entry } from "./entry.ts";
import type { Unlisted } from "./refusals.ts";

/** Stands in the place of an action's key, and is none. */
const ACTION = "actionport.refusals";

/** The ports that tell of refusals. */
export type Unlisting = Pick<ExecutionPorts, "store" | "clock" | "observe" | "refusals">;

/**
 * Adds how many refusals were not listed to the trail: one entry for each identity and hour that has ended, in a commit of
 * its own, which nothing can conflict with. Never fails: the log says how many, too.
 */
export async function tellUnlisted(ports: Unlisting): Promise<void> {
  const at = ports.clock();
  if (!ports.refusals.isDue(at)) return;
  const due = ports.refusals.takeDue(at);
  for (const { identity, count } of due) ports.observe({ event: "refusals_not_listed", kind: identity.kind, issuer: identity.issuer, identity: identity.id, count });
  try {
    await ports.store.commit([], due.map((unlisted) => toEntry(unlisted, at, ports.refusals.retentionSeconds)));
  } catch (error) {
    report(ports, { key: ACTION }, "store_unavailable", error instanceof StoreUnavailable ? error.cause : error);
  }
}

function toEntry({ identity, count, since, until }: Unlisted, at: number, retentionSeconds: number): Entry {
  const outcome = { kind: "unlisted", count, since, until } as const;
  return new Entry({ at, retentionSeconds, requestId: undefined, via: undefined, traceparent: undefined, identity, action: ACTION, subject: null, params: null, outcome, changes: null });
}
