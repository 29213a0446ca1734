import type { AuditEntry, ListQuery } from "../../../adapters/client/index.ts";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input, Option } from "../language/grammar.ts";
import { printJson, printMany } from "../screen/answer.ts";
import { formatTable } from "../screen/table.ts";
import { cutText, toPrintable } from "../screen/text-width.ts";
import type { Session } from "../session.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";
import { formatTime } from "./format-time.ts";
import { PAGE_OPTIONS, readLimit, readPage, tellOfMore } from "./read-page.ts";

const FILTERS: readonly Option[] = [
  { name: "action", value: "KEY", help: "Only what was done by this action.", completes: "action" },
  { name: "subject", value: "SUBJECT", help: "Only what was done to this subject: its ID, or CLASS:ID." },
  { name: "identity", value: "ID", help: "Only what this user or client did." },
];

export const AUDIT: Command = {
  name: "audit",
  summary: "Shows who did what, newest first.",
  details: ["With --follow the last entries, oldest first, and then each as it comes; with --after as well, all behind that entry. Whoever calls needs the permission view_audit."],
  arguments: [],
  options: [{ name: "follow", help: "Goes on showing what comes, until Ctrl-C." }, ...FILTERS, ...PAGE_OPTIONS, ...TARGET_OPTIONS],
  examples: ["actionport audit --action orders/approve-order --limit 10", "actionport audit --follow --json >> trail.ndjson"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const query: ListQuery = Object.fromEntries(FILTERS.map(({ name }) => [name, input.text(name)]));
    if (input.flag("follow")) return follow(session, input, target, query);
    const page = await readPage(input, (wanted) => target.client.audit.list({ ...query, ...wanted }, callOptions(session, input)));
    printMany(session.screen, input, page.data, () => (page.data.length === 0 ? "There is no such entry." : formatTable(session.screen, COLUMNS, page.data.map(toRow))));
    tellOfMore(session, page);
    return "done";
  }),
};

const COLUMNS = [{ heading: "WHEN" }, { heading: "WHO", cuttable: true }, { heading: "ACTION", cuttable: true }, { heading: "SUBJECT", cuttable: true }, { heading: "OUTCOME", cuttable: true }] as const;

function toRow({ when, identity, action, subject, outcome }: AuditEntry): readonly string[] {
  return [formatTime(when), identity.name, action, subject === null ? "" : `${subject.class.split(".").at(-1)}:${subject.id}`, outcome.success ? "done" : (outcome.message ?? outcome.code ?? "refused")];
}

/** How many of the last entries are shown before those that come. */
const LAST = 10;

async function follow(session: Session, input: Input, { client }: Target, query: ListQuery): Promise<"interrupted"> {
  if (input.flag("all")) throw misused("--follow and --all exclude each other; --follow --after ID begins where you like.");
  const options = callOptions(session, input);
  const print = (entry: AuditEntry) => (input.flag("json") ? printJson(session.screen, entry) : session.screen.print(formatEntry(session, entry)));
  let after = input.text("after");
  if (after === undefined) {
    const { data } = await client.audit.list({ ...query, limit: readLimit(input) ?? LAST }, options);
    for (const entry of data.toReversed()) print(entry);
    after = data[0]?.id ?? (await client.audit.list({ limit: 1 }, options)).data[0]?.id;
  }
  for await (const entry of client.audit.follow({ ...query, ...(after !== undefined && { after }) }, options)) print(entry);
  return "interrupted";
}

/** Lines for itself, as what comes next is not known yet: what was done, and below it why not. */
function formatEntry({ screen: { width, style } }: Session, entry: AuditEntry): string {
  const [when = "", who = "", action = "", subject = "", outcome = ""] = toRow(entry).map(toPrintable);
  const what = [who, action, ...(subject === "" ? [] : [subject]), ...(entry.outcome.success ? ["done"] : [])].join("  ");
  const line = cutText(`${when}  ${what}`, width).replace(when, style.dim(when));
  return entry.outcome.success ? line : `${line}\n${style.red(cutText(`  ${outcome}`, width))}`;
}
