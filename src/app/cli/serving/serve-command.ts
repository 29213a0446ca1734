import { EXIT_CODES } from "../exit-codes.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { loadApplication } from "../target/load-application.ts";

export const SERVE: Command = {
  name: "serve",
  summary: "Serves an application until it is told to stop.",
  details: [
    'The module exports what runApplication() takes, as "application" or as its default; or just a catalog, as "catalog".',
    "Everything else is as docs/operations.md says: PORT, HOST, DATA_DIR and the others are read from the environment.",
  ],
  arguments: [{ name: "FILE", help: "The module, such as ./app.ts.", completes: "file" }],
  options: [
    { name: "port", value: "PORT", help: "Where it listens; 0 takes a free one. In place of PORT." },
    { name: "host", value: "HOST", help: "The address that it listens on. In place of HOST." },
    { name: "data", value: "DIR", help: "Where it keeps everything. In place of DATA_DIR.", completes: "directory" },
  ],
  examples: ["actionport serve ./app.ts", "PORT=8080 actionport serve ./app.ts --data /var/lib/shop"],
  async run(session, input) {
    const application = await loadApplication(input.argument("FILE"), session);
    setVariables(input);
    process.exitCode = EXIT_CODES.done;
    const { runApplication } = await import("../../run.ts");
    await runApplication(application);
    // It has said why it did not start, if it did not.
    return process.exitCode === EXIT_CODES.done ? "done" : "refused";
  },
};

/** What runs the application reads them from the process, as do engines and stores of its own. */
function setVariables(input: Input): void {
  const given = [["PORT", input.text("port")], ["HOST", input.text("host")], ["DATA_DIR", input.text("data")]] as const;
  Object.assign(process.env, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}
