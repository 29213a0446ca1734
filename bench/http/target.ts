import type { Started } from "./started.ts";
import type { WireName } from "./wire.ts";

/** A server as its caller knows it. */
export interface Target extends Omit<Started, "stop"> {
  readonly wire: WireName;
}

/** What the load process is told. */
export interface Load extends Target {
  readonly seconds: number;
  /** It goes on until there were so many answers, but not for ever. */
  readonly leastAnswers: number;
}

/** What came of a turn. */
export interface Turn {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
