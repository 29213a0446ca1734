import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, writeFilesOf } from "../../write-page.ts";

const FOLDER = join(import.meta.dirname, "dist");

writeFilesOf(blocksOf("docs/subjects-from-your-database.md"), FOLDER);
copyFileSync(join(import.meta.dirname, "on-sqlite.ts"), join(FOLDER, "on-sqlite.ts"));
