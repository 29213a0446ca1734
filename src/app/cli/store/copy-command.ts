import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Fault, misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { printOne } from "../screen/answer.ts";
import { count } from "../screen/count.ts";
import type { Session } from "../session.ts";
import { findDifference } from "./compare-stores.ts";
import { copyStore, endCopy } from "./copy-store.ts";
import { createCountLine } from "./count-line.ts";
import { openExisting, openNew, toStoreKey, type OpenPlace } from "./places.ts";
import { SCHEMA_OPTION } from "./postgres-place.ts";

export const COPY: Command = {
  name: "store copy",
  summary: "Brings everything from one store into another, and compares them record by record.",
  details: [
    "Records and trail, in order. A copy that was cut off is continued by the same command. Nobody may write to either meanwhile: stop the servers.",
    "Versions and the numbers of entries are each store's own: whoever follows the trail begins again with a copy. The signing keys are no part of a store: copy keys.json yourself.",
  ],
  arguments: [],
  options: [
    { name: "from", value: "STORE", required: true, help: "Which: a data directory, postgres://user@host/database, or env:NAME for a variable that has the URL.", completes: "directory" },
    { name: "to", value: "STORE", required: true, help: "Where to: likewise; it must be empty. A database has its schema by postgres migrate.", completes: "directory" },
    SCHEMA_OPTION,
  ],
  examples: ["actionport store copy --from .data/shop --to /mnt/new/shop", "actionport store copy --from .data/shop --to env:DATABASE_URL"],
  async run(session, input) {
    const [from, to] = [input.text("from") ?? "", input.text("to") ?? ""];
    if (toStoreKey(session, from) === toStoreKey(session, to)) throw misused("--from and --to are the same store.");
    const source = await openExisting(session, from, input.text("schema"));
    try {
      const target = await openNew(session, to, input.text("schema"));
      try {
        return await copy(session, input, source, target);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
};

async function copy(session: Session, input: Input, source: OpenPlace, target: OpenPlace): Promise<"done"> {
  const line = createCountLine(session.screen);
  try {
    const copied = await copyStore({ from: source.store, to: target.store, source: toStoreKey(session, source.name), signal: session.signal, onProgress: ({ records, entries }) => line.show(`${count(records, "record")} and ${count(entries, "entry", "entries")} copied`) });
    const difference = await findDifference(source.store, target.store, Date.now, (compared) => {
      if (session.signal.aborted) throw new Fault("interrupted", "Cut off before all was compared. The same command goes on.");
      line.show(`${compared} compared`);
    });
    if (difference !== undefined) throw new Fault("refused", `The copy is not the same in ${difference}: was the source written to? Empty the destination, and copy again.`);
    await endCopy(target.store);
    line.clear();
    const { records, entries } = copied;
    printOne(session.screen, input, { success: true, records, entries }, () => session.screen.style.green(`Copied ${count(records, "record")} and ${count(entries, "entry", "entries")} from ${source.name} to ${target.name}; each is the same in both.`));
    if (existsSync(join(resolve(session.directory, source.name), "keys.json"))) session.screen.say("The signing keys are no part of the store: copy keys.json, too.");
    return "done";
  } finally {
    line.clear();
  }
}
