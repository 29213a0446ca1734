import type { KeyFile } from "../../adapters/jwt/index.ts";
import type { Administration } from "./administration.ts";
import { CommandError, formatTable } from "./command.ts";
import type { Command } from "./command.ts";

/** Signing keys, and tokens to try something with. */
export const KEY_COMMANDS: readonly Command[] = [
  {
    name: "keys list",
    usage: "",
    summary: "Shows the signing keys, newest first.",
    positionals: { min: 0, max: 0 },
    async run(administration) {
      const keys = requireKeyFile(administration).list();
      return formatTable(["kid", "alg", "signs from"], keys.map(({ kid, alg, signFromMs }) => [kid, alg, new Date(signFromMs).toISOString()]));
    },
  },
  {
    name: "keys rotate",
    usage: "[--forget-old]",
    summary: "Adds a key that signs in ten minutes. After a theft, --forget-old: it signs at once, and all tokens so far are refused.",
    options: { "forget-old": { type: "boolean" } },
    positionals: { min: 0, max: 0 },
    run: async (administration, input) => `kid: ${requireKeyFile(administration).rotate({ forgetOld: input.flag("forget-old") })}`,
  },
  {
    name: "token issue",
    usage: "<client_id> [--user <name>] [--scope <name>]…",
    summary: "Prints an access token to try something with, for a client or for a user through it.",
    options: { user: { type: "string" }, scope: { type: "string", multiple: true } },
    positionals: { min: 1, max: 1 },
    async run({ authorization }, input) {
      const [client_id = ""] = input.positionals;
      const user = input.text("user");
      return (await authorization.issueToken({ client_id, scope: input.texts("scope"), ...(user === undefined ? {} : { user }) })).access_token;
    },
  },
];

function requireKeyFile({ keys }: Administration): KeyFile {
  if (keys === undefined) throw new CommandError("the keys come from ACTIONPORT_SIGNING_KEY; change them there");
  return keys;
}
