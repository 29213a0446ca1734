import { byHand, byHandWithoutParams, oursWith, oursWithoutParams } from "./executions.ts";
import { ajv, handWrittenValidation, oursValidation, valibot, zod } from "./validations.ts";

/** Something to measure, made once in each process. */
export interface Work {
  /** Each index does it with another subject, identity and parameters. Awaited where `waits` says so. */
  call(index: number): unknown;
  readonly waits: boolean;
}

export type CreateWork = () => Work | Promise<Work>;

/** Cases of one job. */
export interface Table {
  /** The case that all others are compared with, in the same process and in turns. */
  readonly baseline: string;
  readonly cases: Readonly<Record<string, CreateWork>>;
}

const ENTRY = {};
const NO_ENTRY = { auditRetentionSeconds: null };

export const TABLES = {
  /** From the text of a body to the text of an answer. */
  execution: {
    baseline: "by hand",
    cases: {
      "by hand": byHand,
      "by hand, no parameters": byHandWithoutParams,
      "ours, no parameters": oursWithoutParams(NO_ENTRY),
      "ours, no parameters, with the entry": oursWithoutParams(ENTRY),
      "ours, parameters": oursWith(NO_ENTRY),
      "ours, parameters, with the entry": oursWith(ENTRY),
      "ours, parameters, with the entry and a deadline": oursWith({ ...ENTRY, withDeadline: true }),
      "ours, parameters, with a key": oursWith({ ...NO_ENTRY, withKey: true }),
      "ours, parameters, with the entry and a key": oursWith({ ...ENTRY, withKey: true }),
    },
  },
  /** From a parsed body to yes or no. */
  validation: {
    baseline: "ajv",
    cases: { "by hand": handWrittenValidation, ajv, ours: oursValidation, zod, valibot },
  },
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof TABLES;
