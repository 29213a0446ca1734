import { RETURN_KINDS } from "../../execution/answer/result.ts";

/** What plain JavaScript may have got wrong of a definition: nothing is known of it yet. */
interface Unchecked {
  readonly key: unknown;
  readonly label: unknown;
  readonly effect?: unknown;
  readonly returns?: unknown;
  readonly authorize: unknown;
  readonly validate?: unknown;
  readonly preconditions?: unknown;
  readonly handle: unknown;
  readonly message?: unknown;
}

const EFFECTS: readonly unknown[] = ["read", "write", "destructive"];
const KINDS: readonly unknown[] = RETURN_KINDS;

/** Throws a TypeError that names the action, the option and the remedy. */
export function checkDefinition(definition: Unchecked): void {
  const { key, label, effect = "write", returns, authorize, handle, message = "" } = definition;
  const refuse = (what: string): never => {
    throw new TypeError(`action "${String(key)}": ${what}`);
  };
  if (typeof key !== "string") refuse('key must be a text such as "orders/approve-order"');
  if (typeof label !== "string" || label === "") refuse('label is missing; give it a text for people: label: "Approve order"');
  if (!EFFECTS.includes(effect)) refuse(`effect must be "read", "write" or "destructive", not ${JSON.stringify(effect)}`);
  if (typeof authorize !== "function") refuse('authorize is missing; say who may: authorize: ({ identity }) => identity.can("…"), or authorize: everyone');
  if (typeof handle !== "function") refuse("handle is missing; give it the function that does it: handle({ subject, params, subjects }) { … }");
  for (const name of ["validate", "preconditions"] as const) {
    if (definition[name] !== undefined && typeof definition[name] !== "function") refuse(`${name} must be a function, or left out`);
  }
  if (typeof message !== "string" && typeof message !== "function") refuse("message must be a text or a function of the result: (result) => `…`");
  if (typeof returns === "string") refuse(`returns must be a list: ["${returns}"]`);
  const stranger = Array.isArray(returns) ? returns.find((kind: unknown) => !KINDS.includes(kind)) : undefined;
  if (stranger !== undefined) refuse(`returns must name rows of the result table (${RETURN_KINDS.join(", ")}), not ${JSON.stringify(stranger)}`);
}
