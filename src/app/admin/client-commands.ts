import type { Client } from "../../adapters/oauth/index.ts";
import { CommandError, formatFields, formatTable } from "./command.ts";
import type { Command } from "./command.ts";

const ONE = { min: 1, max: 1 } as const;
const LISTS = { type: "string", multiple: true } as const;

/** App clients. */
export const CLIENT_COMMANDS: readonly Command[] = [
  {
    name: "client create",
    usage: "<name> [--public] [--description <text>] [--grant <type>]… [--redirect-uri <uri>]… [--permission <name>]… [--role <name>]… [--scope <name>]… [--resource-server]",
    summary: "Registers an app client; its secret is shown once.",
    options: { public: { type: "boolean" }, description: { type: "string" }, grant: LISTS, "redirect-uri": LISTS, permission: LISTS, role: LISTS, scope: LISTS, "resource-server": { type: "boolean" } },
    positionals: ONE,
    async run({ authorization }, input) {
      const [name = ""] = input.positionals;
      const description = input.text("description");
      const created = await authorization.clients.create({
        name,
        type: input.flag("public") ? "public" : "confidential",
        redirect_uris: input.texts("redirect-uri"),
        permissions: input.texts("permission"),
        roles: input.texts("role"),
        resource_server: input.flag("resource-server"),
        ...(description === undefined ? {} : { description }),
        ...(input.texts("grant").length === 0 ? {} : { grant_types: input.texts("grant") }),
        ...(input.texts("scope").length === 0 ? {} : { scopes: input.texts("scope") }),
      });
      return formatFields({ ...created });
    },
  },
  {
    name: "client list",
    usage: "",
    summary: "Shows the app clients.",
    positionals: { min: 0, max: 0 },
    async run({ authorization }) {
      const clients = await authorization.clients.list();
      return formatTable(["client_id", "name", "type", "grants", "permissions", "state"], clients.map(toRow));
    },
  },
  {
    name: "client rotate-secret",
    usage: "<client_id> [--keep-previous-seconds <n>]",
    summary: "Gives a client a new secret; the last one stays good for 24 hours unless told otherwise.",
    options: { "keep-previous-seconds": { type: "string" } },
    positionals: ONE,
    async run({ authorization }, input) {
      const [clientId = ""] = input.positionals;
      const seconds = input.text("keep-previous-seconds");
      if (seconds !== undefined && !/^\d{1,9}$/.test(seconds)) throw new CommandError("--keep-previous-seconds must be a whole number of seconds");
      const options = seconds === undefined ? {} : { keepPreviousMs: Number(seconds) * 1000 };
      return formatFields({ ...requireFound(await authorization.clients.rotateSecret(clientId, options), clientId) });
    },
  },
  {
    name: "client disable",
    usage: "<client_id>",
    summary: "Ends a client and every token of it, at once and for good.",
    positionals: ONE,
    run: async ({ authorization }, { positionals: [clientId = ""] }) => `disabled: ${requireFound(await authorization.clients.disable(clientId), clientId).name}`,
  },
  {
    name: "client enable",
    usage: "<client_id>",
    summary: "Lets a client get new tokens again.",
    positionals: ONE,
    run: async ({ authorization }, { positionals: [clientId = ""] }) => `enabled: ${requireFound(await authorization.clients.enable(clientId), clientId).name}`,
  },
];

function requireFound<T>(found: T | undefined, clientId: string): T {
  if (found === undefined) throw new CommandError(`there is no client ${clientId}; see: client list`);
  return found;
}

function toRow({ client_id, name, type, grant_types, permissions, roles, disabled }: Client): readonly string[] {
  return [client_id, name, type, grant_types.join(","), [...permissions, ...roles.map((role) => `role:${role}`)].join(","), disabled ? "disabled" : "live"];
}
