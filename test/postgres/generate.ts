import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, writeFilesOf } from "../write-page.ts";

const PAGE = join(import.meta.dirname, "../../docs/postgres.md");
const FOLDER = join(import.meta.dirname, "dist");

const action = blocksOf("README.md").filter(({ text }) => text.startsWith("// approve-order.ts\n"));
writeFilesOf([...action, ...blocksOf("docs/postgres.md")], FOLDER);

/** What the page grants, for the test that a role can serve with it. */
const grants = [...readFileSync(PAGE, "utf8").matchAll(/^ {4}(GRANT .*);$/gm)].map(([, grant]) => grant);
writeFileSync(join(FOLDER, "grants.json"), JSON.stringify(grants));
