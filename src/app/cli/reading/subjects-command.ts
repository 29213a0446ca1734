import type { SubjectAnswer, SubjectData } from "../../../adapters/client/index.ts";
import type { Schema } from "../actions/schema.ts";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { didYouMean } from "../language/suggest.ts";
import { printMany, printOne } from "../screen/answer.ts";
import { formatValue } from "../screen/diff.ts";
import type { Screen } from "../screen/screen.ts";
import { formatFields, formatTable, type Column } from "../screen/table.ts";
import { textWidth } from "../screen/text-width.ts";
import type { Session } from "../session.ts";
import { callOptions, TARGET_OPTIONS, withTarget } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";
import { PAGE_OPTIONS, readPage, tellOfMore } from "./read-page.ts";

/** A class, as `/api/v1/subjects` answers it. */
export interface ClassDescription {
  readonly class: string;
  readonly label: string;
  readonly fields: Readonly<Record<string, Schema>>;
  readonly actions: readonly string[];
}

export const SUBJECTS: Command = {
  name: "subjects",
  summary: "Looks up what actions are run on.",
  details: ["Without a class: the classes that you may read. With an ID: one subject, and what you could do with it now."],
  arguments: [
    { name: "CLASS", optional: true, help: "Such as northwind.Order.", completes: "class" },
    { name: "ID", optional: true, help: "The subject." },
  ],
  free: { usage: "--FIELD VALUE", help: "Only those whose field has exactly this value." },
  options: [{ name: "q", value: "TEXT", help: "Only those with this in their title." }, ...PAGE_OPTIONS, ...TARGET_OPTIONS],
  examples: ["actionport subjects northwind.Order --q 110 --ship_country Norway", "actionport subjects northwind.Order 10248"],
  run: (session, input) => withTarget(session, input, async (target) => {
    const { data: classes } = await target.read<{ readonly data: readonly ClassDescription[] }>("subjects", callOptions(session, input));
    if (!input.has("CLASS")) return printClasses(session, input, classes);
    const described = findClass(classes, input.argument("CLASS"));
    if (input.has("ID")) return printSubject(session, input, await target.client.subjects(described.class).get(input.argument("ID"), callOptions(session, input)));
    return listSubjects(session, input, target, described);
  }),
};

function printClasses({ screen }: Session, input: Input, classes: readonly ClassDescription[]): "done" {
  const rows = classes.map(({ class: name, label, actions }) => [name, label, String(actions.length)]);
  const columns = [{ heading: "CLASS" }, { heading: "LABEL", cuttable: true }, { heading: "ACTIONS" }];
  printMany(screen, input, classes, () => (rows.length === 0 ? "There is no class that you may read." : formatTable(screen, columns, rows)));
  return "done";
}

function findClass(classes: readonly ClassDescription[], name: string): ClassDescription {
  const found = classes.find((each) => each.class === name);
  if (found !== undefined) return found;
  const names = classes.map((each) => each.class);
  const meant = names.find((each) => each.split(".").at(-1)?.toLowerCase() === name.toLowerCase());
  throw misused(`There is no class ${JSON.stringify(name)} that you may read.${meant === undefined ? didYouMean(name, names) : ` Did you mean ${meant}?`}`);
}

async function listSubjects(session: Session, input: Input, { client }: Target, described: ClassDescription): Promise<"done"> {
  const page = await readPage(input, (wanted) => client.subjects(described.class).list({ q: input.text("q"), ...readFields(input, described), ...wanted }, callOptions(session, input)));
  printMany(session.screen, input, page.data, () => (page.data.length === 0 ? `There is no such ${described.label.toLowerCase()}.` : formatSubjects(session.screen, page.data)));
  tellOfMore(session, page);
  return "done";
}

function readFields(input: Input, { fields }: ClassDescription): Readonly<Record<string, string>> {
  const known = Object.keys(fields);
  return Object.fromEntries(input.free.map(({ name: typed, value }) => {
    // A class that does not name its fields has any.
    const name = known.length === 0 ? typed : [typed, typed.replaceAll("-", "_")].find((each) => known.includes(each));
    if (name === undefined) throw misused(`The class has no field ${JSON.stringify(typed)}.${didYouMean(typed, known, (each) => `--${each}`)} It has ${known.join(", ")}.`);
    if (value === undefined) throw misused(`--${typed} needs a value: --${typed} VALUE`);
    return [name, value];
  }));
}

/** The widest that a field is shown in a table. */
const MOST = 24;

/** ID and title, and as many fields as there is room for. */
function formatSubjects(screen: Screen, subjects: readonly SubjectData[]): string {
  const names = [...new Set(subjects.flatMap((subject) => Object.keys(subject)))].filter((name) => name !== "id" && name !== "title");
  const widthOf = (name: string) => Math.max(textWidth(name), ...subjects.map((subject) => textWidth(formatValue(subject[name]))));
  const chosen: string[] = [];
  let room = screen.width - widthOf("id") - 2 - Math.min(widthOf("title"), MOST);
  for (const name of names) {
    const width = Math.min(MOST, widthOf(name)) + 2;
    if (width > room) continue;
    room -= width;
    chosen.push(name);
  }
  const columns: readonly Column[] = [{ heading: "ID" }, { heading: "TITLE", cuttable: true }, ...chosen.map((name) => ({ heading: name.toUpperCase(), cuttable: true }))];
  return formatTable(screen, columns, subjects.map((subject) => ["id", "title", ...chosen].map((name) => formatValue(subject[name]))));
}

function printSubject({ screen }: Session, input: Input, answer: SubjectAnswer<SubjectData>): "done" {
  printOne(screen, input, answer, () => {
    const fields = formatFields(screen, Object.entries(answer.data).map(([name, value]) => [name, formatValue(value)]));
    const actions = answer.actions.map((action) => (action.allowed ? [action.key, "yes", ""] : [action.key, "no", action.message]));
    const columns = [{ heading: "ACTION" }, { heading: "NOW" }, { heading: "WHY", cuttable: true }];
    return actions.length === 0 ? fields : `${fields}\n\n${formatTable(screen, columns, actions)}`;
  });
  return "done";
}
