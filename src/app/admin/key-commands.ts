import type { KeyFile } from "../../adapters/jwt/index.ts";
import { Fault } from "../cli/fault.ts";
import type { Administration } from "./administration.ts";
import type { AdminCommand } from "./command.ts";

/** Signing keys, and tokens to try something with. */
export const KEY_COMMANDS: readonly AdminCommand[] = [
  {
    name: "keys list",
    summary: "Shows the signing keys, newest first.",
    arguments: [],
    options: [],
    async administer(administration) {
      const keys = requireKeyFile(administration).list();
      return { kind: "many", columns: ["kid", "alg", "signs_from"], rows: keys.map(({ kid, alg, signFromMs }) => ({ kid, alg, signs_from: new Date(signFromMs).toISOString() })) };
    },
  },
  {
    name: "keys rotate",
    summary: "Adds a key that signs in ten minutes. After a theft, --forget-old: it signs at once, and all tokens so far are refused.",
    arguments: [],
    options: [{ name: "forget-old", help: "Takes the keys so far away." }],
    administer: async (administration, input) => ({ kind: "one", fields: { kid: requireKeyFile(administration).rotate({ forgetOld: input.flag("forget-old") }) } }),
  },
  {
    name: "token issue",
    summary: "Prints an access token to try something with, for a client or for a user through it.",
    arguments: [{ name: "CLIENT_ID", help: "The app client; client list shows them." }],
    options: [
      { name: "user", value: "NAME", help: "The user that it is for. Default: the client acts for itself." },
      { name: "scope", value: "NAME", many: true, help: "Narrows it to these." },
    ],
    examples: ["ACTIONPORT_TOKEN=$(actionport token issue CLIENT_ID) actionport list"],
    async administer({ authorization }, input) {
      const user = input.text("user");
      const { access_token } = await authorization.issueToken({ client_id: input.argument("CLIENT_ID"), scope: input.texts("scope"), ...(user === undefined ? {} : { user }) });
      return { kind: "one", fields: { access_token }, sentence: access_token };
    },
  },
];

function requireKeyFile({ keys }: Administration): KeyFile {
  if (keys === undefined) throw new Fault("refused", "the keys come from ACTIONPORT_SIGNING_KEY; change them there");
  return keys;
}
