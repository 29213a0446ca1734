import { Fault, misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { printOne } from "../screen/answer.ts";
import type { Session } from "../session.ts";
import { findDifference } from "./compare-stores.ts";
import { copyStore, endCopy } from "./copy-store.ts";
import { createCountLine } from "./count-line.ts";
import { openExisting, openNew, type OpenPlace } from "./places.ts";

export const COPY: Command = {
  name: "store copy",
  summary: "Brings everything from one store into another, and compares them record by record.",
  details: [
    "Records and trail, in order. A copy that was cut off is continued by the same command. Nobody may write to either meanwhile: stop the servers.",
    "Versions and the numbers of entries are each store's own: whoever follows the trail begins again with a copy. The signing keys are no part of a store: copy keys.json yourself.",
  ],
  arguments: [],
  options: [
    { name: "from", value: "STORE", required: true, help: "A data directory.", completes: "directory" },
    { name: "to", value: "STORE", required: true, help: "A data directory that is empty or not there.", completes: "directory" },
  ],
  examples: ["actionport store copy --from .data/shop --to /mnt/new/shop"],
  async run(session, input) {
    const [from, to] = [input.text("from") ?? "", input.text("to") ?? ""];
    if (from === to) throw misused("--from and --to are the same store.");
    const source = await openExisting(session, from);
    try {
      const target = await openNew(session, to);
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
    const copied = await copyStore({ from: source.store, to: target.store, source: source.name, signal: session.signal, onProgress: ({ records, entries }) => line.show(`${records} records and ${entries} entries copied`) });
    const difference = await findDifference(source.store, target.store, Date.now, (compared) => line.show(`${compared} compared`));
    if (difference !== undefined) throw new Fault("refused", `The copy is not the same in ${difference}: was the source written to? Empty the destination, and copy again.`);
    await endCopy(target.store);
    line.clear();
    const { records, entries } = copied;
    printOne(session.screen, input, { success: true, records, entries }, () => session.screen.style.green(`Copied ${records} records and ${entries} entries from ${source.name} to ${target.name}; each is the same in both.`));
    return "done";
  } finally {
    line.clear();
  }
}
