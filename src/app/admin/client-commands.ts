import type { Client } from "../../adapters/oauth/index.ts";
import { Fault, misused } from "../cli/fault.ts";
import type { Argument, Option } from "../cli/language/grammar.ts";
import type { AdminCommand, Fields } from "./command.ts";

const ID: Argument = { name: "CLIENT_ID", help: "The app client; client list shows them." };
/** What identities hold. */
export const PERMISSION: Option = { name: "permission", value: "NAME", many: true, help: "A permission; * is all of them." };
export const ROLE: Option = { name: "role", value: "NAME", many: true, help: "A role, which stands for its permissions." };

/** App clients. */
export const CLIENT_COMMANDS: readonly AdminCommand[] = [
  {
    name: "client create",
    summary: "Registers an app client; its secret is shown once.",
    arguments: [{ name: "NAME", help: "What people see." }],
    options: [
      { name: "public", help: "It cannot keep a secret, as an app in a browser or on a phone." },
      { name: "description", value: "TEXT", help: "What it is for." },
      { name: "grant", value: "TYPE", many: true, help: "How it gets tokens.", choices: ["client_credentials", "authorization_code"] },
      { name: "redirect-uri", value: "URI", many: true, help: "Where users who signed in are sent back to." },
      PERMISSION,
      ROLE,
      { name: "scope", value: "NAME", many: true, help: "A scope that it may ask for. Default: any." },
      { name: "resource-server", help: "It is an API that may introspect every token." },
    ],
    examples: ['actionport client create "Order desk" --permission manage_orders', "actionport client create Portal --public --redirect-uri https://shop.example/callback"],
    async administer({ authorization }, input) {
      const description = input.text("description");
      const created = await authorization.clients.create({
        name: input.argument("NAME"),
        type: input.flag("public") ? "public" : "confidential",
        redirect_uris: input.texts("redirect-uri"),
        permissions: input.texts("permission"),
        roles: input.texts("role"),
        resource_server: input.flag("resource-server"),
        ...(description === undefined ? {} : { description }),
        ...(input.texts("grant").length === 0 ? {} : { grant_types: input.texts("grant") }),
        ...(input.texts("scope").length === 0 ? {} : { scopes: input.texts("scope") }),
      });
      return { kind: "one", fields: { ...created } };
    },
  },
  {
    name: "client list",
    summary: "Shows the app clients.",
    arguments: [],
    options: [],
    async administer({ authorization }) {
      const clients = await authorization.clients.list();
      return { kind: "many", columns: ["client_id", "name", "type", "grants", "permissions", "state"], rows: clients.map(toRow) };
    },
  },
  {
    name: "client rotate-secret",
    summary: "Gives a client a new secret; the last one stays good for 24 hours unless told otherwise.",
    arguments: [ID],
    options: [{ name: "keep-previous-seconds", value: "SECONDS", help: "For how long the last one stays good; 0 ends it at once." }],
    async administer({ authorization }, input) {
      const clientId = input.argument("CLIENT_ID");
      const seconds = input.text("keep-previous-seconds");
      if (seconds !== undefined && !/^\d{1,9}$/.test(seconds)) throw misused("--keep-previous-seconds must be a whole number of seconds");
      const options = seconds === undefined ? {} : { keepPreviousMs: Number(seconds) * 1000 };
      return { kind: "one", fields: { ...requireFound(await authorization.clients.rotateSecret(clientId, options), clientId) } };
    },
  },
  {
    name: "client disable",
    summary: "Ends a client and every token of it, at once and for good.",
    arguments: [ID],
    options: [],
    administer: async ({ authorization }, input) => toState("disabled", requireFound(await authorization.clients.disable(input.argument("CLIENT_ID")), input.argument("CLIENT_ID"))),
  },
  {
    name: "client enable",
    summary: "Lets a client get new tokens again.",
    arguments: [ID],
    options: [],
    administer: async ({ authorization }, input) => toState("enabled", requireFound(await authorization.clients.enable(input.argument("CLIENT_ID")), input.argument("CLIENT_ID"))),
  },
];

function toState(state: string, { client_id, name }: Client) {
  return { kind: "one", fields: { client_id, name, state }, sentence: `${state}: ${name}` } as const;
}

function requireFound<T>(found: T | undefined, clientId: string): T {
  if (found === undefined) throw new Fault("refused", `there is no client ${clientId}; see: client list`);
  return found;
}

function toRow({ client_id, name, type, grant_types, permissions, roles, disabled }: Client): Fields {
  return { client_id, name, type, grants: grant_types, permissions: [...permissions, ...roles.map((role) => `role:${role}`)], state: disabled ? "disabled" : "live" };
}
