import type { Action } from "../catalog/action.ts";
import { RETURN_KINDS } from "../execution/answer/result.ts";
import { isPromiseLike } from "../maybe-promise.ts";
import type { CompiledParams } from "../params/index.ts";

/**
 * The action as far as its checks go: all that an execution asks before `handle()`, by the same functions, and then nothing. Where it has parameters that must be
 * given, nobody has given any: preconditions are asked until they look at the parameters, and what they would have said then stays open.
 */
export function toTrial(action: Action): Action {
  const { params, validate } = action;
  return Object.freeze({
    ...action,
    params: withoutParams(params),
    validate: (given: unknown) => (given === UNKNOWN ? undefined : validate(given)),
    preconditions: untilParams(action),
    returns: RETURN_KINDS,
    result: null,
    handle: () => undefined,
  });
}

/** Thrown at whoever looks at parameters that nobody has given. */
class ParamsUnknown extends Error {
  override readonly name = "ParamsUnknown";
}

function refuse(): never {
  throw new ParamsUnknown("These parameters are not known yet.");
}

const UNKNOWN: object = new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse });

/** Parameters that may all be left out have their defaults. */
function withoutParams(params: CompiledParams<unknown>): CompiledParams<unknown> {
  const unknown = { ok: true, value: UNKNOWN, references: [] } as const;
  return {
    ...params,
    makesFrozenJson: false,
    parse() {
      const parsed = params.parse({});
      return isPromiseLike(parsed) ? parsed.then((later) => (later.ok ? later : unknown)) : parsed.ok ? parsed : unknown;
    },
  };
}

function untilParams({ preconditions }: Action): Action["preconditions"] {
  return (context) => {
    try {
      const asking = preconditions(context);
      return isPromiseLike(asking) ? asking.then(undefined, ignoreUnknown) : asking;
    } catch (error) {
      return ignoreUnknown(error);
    }
  };
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof ParamsUnknown)) throw error;
}
