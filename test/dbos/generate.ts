import { join } from "node:path";
import { blocksOf, writeFilesOf } from "../write-page.ts";

writeFilesOf(blocksOf("docs/dbos.md"), join(import.meta.dirname, "dist"));
