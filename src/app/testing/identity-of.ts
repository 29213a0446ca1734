import { requireMethods } from "../../domain/check-option.ts";
import { createIdentity, type Identity } from "../../domain/index.ts";

const SENTENCE = /^(\S+)(?: can (.+))?$/;
const PERMISSION = /^(?:\*|[a-z][a-z0-9_]*)$/;

/** The user that a sentence tells of: `nancy can manage_orders, view_reports`; `nancy` alone may do nothing, `nancy can *` everything. */
export function identityOf(told: Identity | string): Identity {
  if (typeof told !== "string") {
    requireMethods("identity", told, ["can"], 'give createIdentity({ … }), or a sentence such as "nancy can manage_orders"');
    return told;
  }
  const [, id, list] = SENTENCE.exec(told) ?? [];
  const permissions = list === undefined ? [] : list.split(/,\s*|\s+and\s+/);
  const wrong = permissions.find((permission) => !PERMISSION.test(permission));
  if (id !== undefined && wrong === undefined) return createIdentity({ kind: "user", id, permissions });
  const culprit = wrong === undefined ? "" : `; ${JSON.stringify(wrong)} is no permission`;
  throw new TypeError(`identity ${JSON.stringify(told)} must be such as "nancy can manage_orders, view_reports"${culprit}. For a client, a scope or an issuer: createIdentity({ … })`);
}
