import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INSTALLED } from "./pack.ts";

const { exports }: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(readFileSync(join(INSTALLED, "package.json"), "utf8"));

/** What people import: `actionport`, `actionport/rest`, … */
export const ENTRIES: readonly string[] = Object.keys(exports).filter((path) => path !== "./package.json").map((path) => path.replace(".", "actionport"));
/** Those that need nothing of Node, neither to run nor in their types. */
export const EVERYWHERE: readonly string[] = ["actionport", "actionport/client", "actionport/fetch", "actionport/memory", "actionport/rest", "actionport/workflow-engine"];
