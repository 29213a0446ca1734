import type { Observe } from "../ports.ts";
import { tellFailure } from "./tell-failure.ts";

/** An observer that may be called without care: what it throws is swallowed. In the place of none, unforeseen failures are written to stderr. */
export function shieldObserver(observe: Observe = tellFailure): Observe {
  return (observation) => {
    try {
      observe(observation);
    } catch {
      // Taking note of something may never make it fail, and there is nobody left to tell.
    }
  };
}
