import type { Observe } from "../../domain/ports.ts";
import { tellFailure } from "../../domain/tell-failure.ts";

const MAX_LOGGED_CHARACTERS = 256;
const PRINTABLE = /^[!-~]*$/;

/** An observer that may be called without care: what it throws is swallowed. In the place of none unforeseen failures are written to stderr. */
export function quietly(observe: Observe = tellFailure): Observe {
  return (observation) => {
    try {
      observe(observation);
    } catch {
      // Taking note of a call may never fail it.
    }
  };
}

/** A client's own words, fit for a log: one line, printable ASCII, at most 256 characters. */
export function toLoggable(text: string): string {
  const short = text.length > MAX_LOGGED_CHARACTERS ? `${text.slice(0, MAX_LOGGED_CHARACTERS - 3)}...` : text;
  return PRINTABLE.test(short) ? short : short.replace(/[^!-~]/g, "?");
}
