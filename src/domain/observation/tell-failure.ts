import type { Observation } from "../ports.ts";

/** The platform's own, if it has one. A team that wants its failures elsewhere gives `observe`, and this is never called. */
declare const console: { error(...data: readonly unknown[]): void } | undefined;

/** For which request each cause was told last. */
const told = new WeakMap<object, string | undefined>();

/**
 * The default of `observe`: writes an unforeseen failure to stderr, where an `observe` would have got it, so that nobody has to wonder
 * about a 500. Once, whichever layers meet the same cause in the same request. What else happens is not told.
 */
export function tellFailure(observation: Observation): void {
  const { event, error, ...details } = observation;
  // What was thrown may be undefined.
  if (!("error" in observation) || typeof console === "undefined" || isTold(error, details.requestId)) return;
  const about = Object.entries(details).map(([name, value]) => ` ${name}=${String(value)}`);
  console.error(`actionport: ${event}${about.join("")}\n`, error);
}

function isTold(error: unknown, requestId: string | undefined): boolean {
  if (typeof error !== "object" || error === null) return false;
  if (told.has(error) && told.get(error) === requestId) return true;
  told.set(error, requestId);
  return false;
}
