import type { Randomness, Timer } from "../../domain/index.ts";
import type { Dbos } from "./dbos.ts";
import { checkSchema } from "./requests.ts";

/** Options of {@link dbosWorkflows}. */
export interface DbosOptions {
  /** The class `DBOS` of `@dbos-inc/dbos-sdk`, before it is launched. */
  readonly dbos: Dbos;
  readonly timer: Timer;
  /** For the jitter of retries: `Math.random`. */
  readonly random: Randomness;
  /** The schema of the store, as `createPostgresStore` has it. Default `actionport`. */
  readonly schema?: string;
  /** How long a run can be found after its end, in seconds: 1 to 100 years. Default 2,592,000 (30 days). Its results are kept as long. */
  readonly retentionSeconds?: number;
  /** How long nobody else may work on a run that a process works on, in milliseconds: 1,000 to a day. Default 60,000. Renewed while a step is under way. */
  readonly leaseMs?: number;
  /** How long a try of a step may take that says nothing about it, in milliseconds: 1 to a day. Default 300,000 (5 minutes). */
  readonly stepTimeoutMs?: number;
  /** How long a step that is under way may still take once its run is cancelled, or the engine closes, in milliseconds: 0 to an hour. Default 5,000. */
  readonly stopTimeoutMs?: number;
  /** How often DBOS asks its queue for runs that begin, in milliseconds: 10 to 60,000. Default 250. Told to the database by the first process. */
  readonly pollMs?: number;
}

/** What an engine works with. */
export type DbosSettings = Required<DbosOptions>;

const DAY_MS = 86_400_000;
const BOUNDS: readonly (readonly [name: "retentionSeconds" | "leaseMs" | "stepTimeoutMs" | "stopTimeoutMs" | "pollMs", least: number, most: number])[] = [
  ["retentionSeconds", 1, 100 * 366 * 86_400],
  ["leaseMs", 1_000, DAY_MS],
  ["stepTimeoutMs", 1, DAY_MS],
  ["stopTimeoutMs", 0, 3_600_000],
  ["pollMs", 10, 60_000],
];

/** The options with their defaults. TypeError: one is wrong. */
export function checkOptions(options: DbosOptions): DbosSettings {
  const { dbos, timer, random } = options;
  if (typeof dbos?.registerWorkflow !== "function" || typeof dbos.recv !== "function") throw new TypeError('dbos must be the class DBOS: import { DBOS } from "@dbos-inc/dbos-sdk"');
  if (typeof timer !== "function") throw new TypeError("timer must be a function that wakes at a time: createNodeTimer({ clock })");
  if (typeof random !== "function") throw new TypeError("random must be a function that answers a number from 0 to 1: Math.random");
  const settings = { schema: "actionport", retentionSeconds: 30 * 86_400, leaseMs: 60_000, stepTimeoutMs: 300_000, stopTimeoutMs: 5_000, pollMs: 250, ...options };
  checkSchema("schema", settings.schema);
  for (const [name, least, most] of BOUNDS) {
    const value = settings[name];
    if (!(Number.isInteger(value) && value >= least && value <= most)) throw new TypeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
  }
  return settings;
}
