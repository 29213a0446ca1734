import type { Command } from "../language/command.ts";
import { printJson } from "../screen/answer.ts";
import { each, entryPages, recordPages } from "./everything.ts";
import { openExisting, STORE_ARGUMENT } from "./places.ts";
import { SCHEMA_OPTION } from "./postgres-place.ts";

/** Hashes of secrets and passwords, tokens, sessions: not for the eyes of whoever analyses orders. */
const PRIVATE = /^oauth\./;

export const EXPORT: Command = {
  name: "store export",
  summary: "Writes the records of a store as lines of JSON, and its trail if asked for.",
  details: ["What belongs to signing in (oauth.…: hashes of secrets and passwords, sessions) is left out unless it is named with --collection. No server may run on the directory; a backup can be exported at any time."],
  arguments: [STORE_ARGUMENT],
  options: [
    { name: "collection", value: "NAME", many: true, help: "Only these. Subjects are in the collection of their class." },
    { name: "trail", help: "The entries of the trail, too." },
    SCHEMA_OPTION,
  ],
  examples: ["actionport store export /backup/shop --collection shop.Order | jq .value"],
  async run(session, input) {
    const { screen } = session;
    const wanted = input.texts("collection");
    const place = await openExisting(session, input.argument("STORE"), input.text("schema"));
    try {
      const collections = wanted.length > 0 ? wanted : (await place.store.collections()).filter((name) => !PRIVATE.test(name));
      for (const collection of collections) {
        for await (const { id, version, value, expiresAt } of each(recordPages(place.store, collection))) {
          printJson(screen, { collection, id, version, ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }), value });
        }
      }
      if (input.flag("trail")) for await (const { id, entry } of each(entryPages(place.store))) printJson(screen, { entry: id, expires_at: new Date(entry.expiresAt).toISOString(), value: entry.value });
      return "done";
    } finally {
      await place.close();
    }
  },
};
