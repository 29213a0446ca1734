import { requireOptionalText, requireOptions, type Names } from "../check-option.ts";
import { toJsonObject, type JsonObject } from "../json.ts";
import { isPromiseLike } from "../maybe-promise.ts";
import type { CompiledParams } from "../params/index.ts";
import { readId, type SubjectId } from "./subject-id.ts";
import type { SubjectClass } from "./subject.ts";

/** A call as somebody might make it, for people who learn what an action does. */
export interface ActionExample<In = unknown> {
  /** What it shows: `For an old customer`. Default: the action's label. */
  readonly label?: string;
  /** The subject's ID; only where the action has one. Default: none is shown. */
  readonly subject?: SubjectId;
  /** As a caller sends them. */
  readonly params: In;
}

/** An example as it is published. */
export type ExampleDescription = { readonly label: string; readonly subject?: SubjectId; readonly params: JsonObject };

/** What an example is an example of. */
export interface ExampleOf {
  readonly key: string;
  readonly label: string;
  readonly subject: SubjectClass | null;
  readonly params: Pick<CompiledParams<unknown>, "parse">;
}

/**
 * Checks that each could be sent: a TypeError names the action, the example and what is wrong with it. Parameters whose schema takes its
 * time to validate are not checked.
 */
export function checkExamples(of: ExampleOf, examples: readonly ActionExample[]): readonly ExampleDescription[] {
  return examples.map((example, at) => checkExample(of, example, `action "${of.key}": examples.${at}`));
}

const OPTIONS: Names<ActionExample> = { label: true, subject: true, params: true };

function checkExample({ label, subject: kind, params }: ExampleOf, example: ActionExample, where: string): ExampleDescription {
  requireOptions(where, example, OPTIONS);
  requireOptionalText(`${where}: label`, example.label, "what it shows to people");
  const { subject } = example;
  const parsed = params.parse(example.params);
  if (!isPromiseLike(parsed) && !parsed.ok) throw new TypeError(`${where}: its params are not valid: ${Object.entries(parsed.errors).map(([field, [sentence]]) => `${field}: ${sentence}`).join(" ")}`);
  if (subject !== undefined && kind === null) throw new TypeError(`${where}: the action takes no subject; leave the example's out`);
  if (subject !== undefined && kind !== null && readId(kind.id, subject) === undefined) throw new TypeError(`${where}: ${JSON.stringify(subject)} is no ID of a ${kind.class}`);
  return Object.freeze({ label: example.label ?? label, ...(subject === undefined ? {} : { subject }), params: toJsonObject(Object(example.params), where) });
}
