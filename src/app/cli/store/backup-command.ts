import { join, resolve, sep } from "node:path";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import { printOne } from "../screen/answer.ts";
import { count } from "../screen/count.ts";
import { backUpDirectory } from "./backup-directory.ts";
import { readEverything } from "./check-command.ts";
import { newDirectory } from "../new-directory.ts";
import { hasStore, openExisting } from "./places.ts";

export const BACKUP: Command = {
  name: "store backup",
  summary: "Copies a data directory, also while a server writes to it, and checks the copy.",
  details: [
    "Whatever was answered before it began is in the copy. To restore: put the copy in the place of the data directory while no server runs there, and start.",
    "The copy has the signing keys and everybody's data: keep it as safe as the server.",
  ],
  arguments: [
    { name: "DIR", help: "The data directory.", completes: "directory" },
    { name: "NEW", help: "Where the copy goes: a directory that is empty or not there.", completes: "directory" },
  ],
  options: [{ name: "no-check", help: "Leaves out reading the copy." }],
  examples: ["actionport store backup .data/shop /backup/shop-$(date +%F)"],
  async run(session, input) {
    const [from, to] = [input.argument("DIR"), input.argument("NEW")];
    const source = resolve(session.directory, from);
    // The store alone would be a copy without its keys.
    if (!hasStore(join(source, "store"))) throw misused(hasStore(source) ? `${from} is a store; give the data directory that it is in.` : `There is no store in ${from}; give a data directory, such as .data/shop.`);
    const path = newDirectory(session, to);
    if (`${path}${sep}`.startsWith(`${source}${sep}`)) throw misused(`${to} is inside ${from}, so it would be in its own copy; give a directory elsewhere.`);
    await backUpDirectory(source, path);
    const contents = input.flag("no-check") ? undefined : await check();
    const counts = contents === undefined ? undefined : { records: Object.values(contents.collections).reduce((sum, each) => sum + each, 0), entries: contents.entries };
    printOne(session.screen, input, { success: true, directory: path, ...counts }, () => session.screen.style.green(counts === undefined ? `Copied to ${to}, unread.` : `Copied to ${to}: ${count(counts.records, "record")} and ${count(counts.entries, "entry", "entries")}, all read again.`));
    return "done";

    async function check() {
      const place = await openExisting(session, to);
      try {
        return await readEverything(session.screen, place.store);
      } finally {
        await place.close();
      }
    }
  },
};
