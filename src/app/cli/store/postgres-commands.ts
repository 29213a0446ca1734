import type { PostgresStatus } from "../../../adapters/postgres/index.ts";
import type { Command } from "../language/command.ts";
import type { Argument, Input } from "../language/grammar.ts";
import { printOne } from "../screen/answer.ts";
import type { Screen } from "../screen/screen.ts";
import { formatFields } from "../screen/table.ts";
import type { Session } from "../session.ts";
import { connectPostgres, SCHEMA_OPTION, type PostgresPlace } from "./postgres-place.ts";

const DATABASE: Argument = { name: "DATABASE", optional: true, help: "postgres://user@host/database, or env:NAME for a variable that has the URL. Default: env:DATABASE_URL." };

export const POSTGRES_COMMANDS: readonly Command[] = [
  {
    name: "postgres migrate",
    summary: "Makes the schema of a store in PostgreSQL, or brings it to this release.",
    details: ["For a role that may create it; what runs afterwards needs less. Any number of processes may do it at once."],
    arguments: [DATABASE],
    options: [SCHEMA_OPTION],
    examples: ["actionport postgres migrate env:DATABASE_URL"],
    run: (session, input) => withDatabase(session, input, async ({ store, name }) => {
      await store.migrate();
      const { schema, schemaVersion } = await store.status();
      printOne(session.screen, input, { success: true, schema, schema_version: schemaVersion }, () => session.screen.style.green(`The schema ${schema} in ${name} has version ${schemaVersion}.`));
      return "done";
    }),
  },
  {
    name: "postgres status",
    summary: "Says whether a store in PostgreSQL can be used, and what is wrong with it.",
    arguments: [DATABASE],
    options: [SCHEMA_OPTION],
    run: (session, input) => withDatabase(session, input, async ({ store }) => {
      const status = await store.status();
      printOne(session.screen, input, toJson(status), () => formatStatus(session.screen, status));
      return status.faults.length === 0 && status.schemaVersion === status.neededVersion ? "done" : "refused";
    }),
  },
];

async function withDatabase(session: Session, input: Input, work: (place: PostgresPlace) => Promise<"done" | "refused">): Promise<"done" | "refused"> {
  const place = await connectPostgres(session, input.has("DATABASE") ? input.argument("DATABASE") : "env:DATABASE_URL", input.text("schema"));
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

function toJson({ server, database, role, schema, schemaVersion, neededVersion, faults, warnings, lastEntry }: PostgresStatus): object {
  return { server, database, role, schema, schema_version: schemaVersion, needed_version: neededVersion, faults, warnings, last_entry: lastEntry };
}

function formatStatus(screen: Screen, { server, database, role, schema, schemaVersion, neededVersion, faults, warnings, lastEntry }: PostgresStatus): string {
  const version = schemaVersion === null ? "not there; run actionport postgres migrate" : schemaVersion === neededVersion ? `version ${schemaVersion}` : `version ${schemaVersion}, and this release needs ${neededVersion}`;
  const fields = formatFields(screen, [["PostgreSQL", server], ["database", database], ["role", role], ["schema", `${schema}: ${version}`], ["entries", lastEntry]]);
  return [fields, ...faults.map((each) => screen.style.red(each)), ...warnings.map((each) => screen.style.yellow(each))].join("\n");
}
