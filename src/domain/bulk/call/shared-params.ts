import type { Action } from "../../catalog/action.ts";
import { isPromiseLike } from "../../maybe-promise.ts";

/**
 * The action with these parameters read once for all items of a call: frozen JSON can be shared, and a copy for each of ten thousand would
 * have to be made, kept and collected. What waits for records, or is made by somebody else's schema, each item reads for itself.
 */
export function withSharedParams(action: Action, params: unknown): Action {
  if (!action.params.makesFrozenJson) return action;
  const parsed = action.params.parse(params);
  if (isPromiseLike(parsed) || !parsed.ok || parsed.references.length > 0) return action;
  return { ...action, params: { ...action.params, parse: () => parsed } };
}
