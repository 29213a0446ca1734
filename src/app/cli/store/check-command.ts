import type { WholeStore } from "../../../domain/ports.ts";
import type { Command } from "../language/command.ts";
import { printOne } from "../screen/answer.ts";
import { count } from "../screen/count.ts";
import type { Screen } from "../screen/screen.ts";
import { formatTable } from "../screen/table.ts";
import { createCountLine } from "./count-line.ts";
import { entryPages, recordPages } from "./everything.ts";
import { openExisting, STORE_ARGUMENT } from "./places.ts";
import { SCHEMA_OPTION } from "./postgres-place.ts";

/** What a store has. */
export interface Contents {
  readonly collections: Readonly<Record<string, number>>;
  readonly entries: number;
}

export const CHECK: Command = {
  name: "store check",
  summary: "Reads every record and every entry of a store, each against its checksum.",
  details: ["What is damaged is named with its file and byte, and the exit code is 6. The directory is opened as a server opens it, so none may run there; a backup can be checked at any time."],
  arguments: [STORE_ARGUMENT],
  options: [SCHEMA_OPTION],
  examples: ["actionport store check .data/shop"],
  async run(session, input) {
    const place = await openExisting(session, input.argument("STORE"), input.text("schema"));
    try {
      const contents = await readEverything(session.screen, place.store);
      printOne(session.screen, input, { success: true, ...contents }, () => formatContents(session.screen, contents));
      return "done";
    } finally {
      await place.close();
    }
  },
};

/** Reads everything, and answers how much there is. Rejects with a FileStoreError when something is not what was written. */
export async function readEverything(screen: Screen, store: WholeStore): Promise<Contents> {
  const line = createCountLine(screen);
  const collections: Record<string, number> = {};
  let entries = 0;
  try {
    for (const collection of await store.collections()) {
      for await (const records of recordPages(store, collection)) {
        collections[collection] = (collections[collection] ?? 0) + records.length;
        line.show(`${collection}: ${count(collections[collection] ?? 0, "record")}`);
      }
    }
    for await (const page of entryPages(store)) line.show(count((entries += page.length), "entry", "entries"));
  } finally {
    line.clear();
  }
  return { collections, entries };
}

/** How much there is, for people. */
function formatContents(screen: Screen, { collections, entries }: Contents): string {
  const rows = Object.entries(collections).map(([name, number]) => [name, String(number)]);
  const table = formatTable(screen, [{ heading: "COLLECTION", cuttable: true }, { heading: "RECORDS" }], [...rows, ["(the trail)", String(entries)]]);
  return `${table}\n${screen.style.green("All of it is as it was written.")}`;
}
