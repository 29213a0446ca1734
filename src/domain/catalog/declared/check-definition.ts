import { kindOf, requireObject, requireOptions, type Names } from "../../check-option.ts";
import { RETURN_KINDS } from "../../execution/answer/result.ts";
import type { ParamsDeclaration } from "../../params/index.ts";
import type { ReturnsDeclaration } from "../answer-types.ts";
import type { ActionDefinition } from "../definition.ts";
import type { ErrorDefinitions } from "./declared-errors.ts";

type AnyDefinition = ActionDefinition<string, ParamsDeclaration, undefined, ReturnsDeclaration, unknown, ErrorDefinitions>;

/** What plain JavaScript may have got wrong of a definition: nothing is known of it yet. */
interface Unchecked {
  readonly key: unknown;
  readonly label: unknown;
  readonly description?: unknown;
  readonly effect?: unknown;
  readonly returns?: unknown;
  readonly errors?: unknown;
  readonly examples?: unknown;
  readonly bulk?: unknown;
  readonly authorize: unknown;
  readonly validate?: unknown;
  readonly preconditions?: unknown;
  readonly handle: unknown;
  readonly message?: unknown;
}

/** All options of an action, by name. */
const OPTIONS: Names<AnyDefinition> = {
  key: true, label: true, description: true, effect: true, subject: true, params: true, timeoutMs: true, returns: true, errors: true, examples: true, authorize: true,
  validate: true, preconditions: true, handle: true, bulk: true, message: true,
};
const BULK: Names<NonNullable<AnyDefinition["bulk"]>> = { maxIds: true, handleAll: true };

const EFFECTS: readonly unknown[] = ["read", "write", "destructive"];
const KINDS: readonly unknown[] = RETURN_KINDS;

/** Throws a TypeError that names the action, the option and the remedy. */
export function checkDefinition(definition: Unchecked): void {
  const { key, label, description = "", effect = "write", returns, authorize, handle, message = "", examples = [] } = definition;
  const refuse = (what: string): never => {
    throw new TypeError(`action "${String(key)}": ${what}`);
  };
  if (typeof key !== "string") refuse('key must be a text such as "orders/approve-order"');
  if (typeof label !== "string" || label === "") refuse('label is missing; give it a text for people: label: "Approve order"');
  requireOptions(`action "${key}"`, definition, OPTIONS);
  if (typeof description !== "string") refuse(`description must be a text, or left out, not ${kindOf(description)}`);
  if (!EFFECTS.includes(effect)) refuse(`effect must be "read", "write" or "destructive", not ${JSON.stringify(effect)}`);
  if (typeof authorize !== "function") refuse('authorize is missing; say who may: authorize: ({ identity }) => identity.can("…"), or authorize: everyone');
  if (typeof handle !== "function") refuse("handle is missing; give it the function that does it: handle({ subject, params, subjects }) { … }");
  for (const name of ["validate", "preconditions"] as const) {
    if (definition[name] !== undefined && typeof definition[name] !== "function") refuse(`${name} must be a function, or left out`);
  }
  if (typeof message !== "string" && typeof message !== "function") refuse("message must be a text or a function of the result: (result) => `…`");
  if (!Array.isArray(examples)) refuse(`examples must be a list, or left out, not ${kindOf(examples)}: [{ params: { reason: "…" } }]`);
  if (definition.errors !== undefined) requireObject(`action "${key}": errors`, definition.errors, "{ already_shipped: {} }");
  if (definition.bulk !== undefined) requireOptions(`action "${key}": bulk`, definition.bulk, BULK);
  if (typeof returns === "string") refuse(`returns must be a list: ["${returns}"]`);
  const stranger = Array.isArray(returns) ? returns.find((kind: unknown) => !KINDS.includes(kind)) : undefined;
  if (stranger !== undefined) refuse(`returns must name rows of the result table (${RETURN_KINDS.join(", ")}), not ${JSON.stringify(stranger)}`);
}
