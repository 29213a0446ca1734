import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Application } from "../../application/application.ts";
import { loadQuietly, ServesWhenLoaded } from "../../loading.ts";
import { Fault, misused } from "../fault.ts";
import type { Session } from "../session.ts";

const HOW = 'export what runApplication() takes as "application" (or as the default), or a catalog as "catalog"';

/** The application of a module: its export `application`, its default export, or one around its export `catalog`. */
export async function loadApplication(file: string, { directory, variables }: Pick<Session, "directory" | "variables">): Promise<Application> {
  const path = resolve(directory, file);
  if (!existsSync(path)) throw misused(`There is no file ${file}.`);
  refuseOtherCopy(path, file);
  const module = await importModule(path, file, variables);
  for (const found of [module["application"], module["default"]]) {
    if (isApplication(found)) return found;
    if (isCatalog(found)) return { catalog: found };
  }
  if (isCatalog(module["catalog"])) return { catalog: module["catalog"] };
  const names = Object.keys(module);
  throw misused(`${file} exports ${names.length === 0 ? "nothing" : names.join(", ")}: ${HOW}.`);
}

/** An error that an action throws is known by its class, and of another copy of this package the classes are others. */
function refuseOtherCopy(path: string, file: string): void {
  // In the sources and in the tests there is no package to look for.
  if (!import.meta.url.endsWith("/dist/app/cli/target/load-application.js")) return;
  const own = realpathSync(fileURLToPath(new URL("../../../domain/index.js", import.meta.url)));
  const found = findModule(path, "actionport");
  if (found === undefined || realpathSync(found) === own) return;
  throw misused(`${file} uses another copy of actionport than this command is of: run it in its folder with npx actionport, or by a script of its package.json.`);
}

function findModule(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

function isApplication(value: unknown): value is Application {
  return typeof value === "object" && value !== null && "catalog" in value;
}

function isCatalog(value: unknown): value is Exclude<Application["catalog"], (...given: never) => unknown> {
  return typeof value === "object" && value !== null && "actions" in value && "find" in value && typeof value.find === "function";
}

const TYPESCRIPT: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx"]);

async function importModule(path: string, file: string, variables: Session["variables"]): Promise<Readonly<Record<string, unknown>>> {
  if (TYPESCRIPT.has(extname(path))) await readyForTypeScript(path, file, variables);
  try {
    return await loadQuietly(() => import(pathToFileURL(path).href));
  } catch (error) {
    if (error instanceof ServesWhenLoaded) throw misused(`${file} serves its application when it is loaded. Give the module that only exports the application, and import that in ${file}.`);
    if (isTakenForCommonJs(path, error)) throw misused(`${file} is taken for CommonJS, which this command has no tsx for: put "type": "module" into its package.json.`);
    throw new Fault("fault", `${file} could not be loaded: ${explain(error)}`, { cause: error });
  }
}

/** What Node says of TypeScript that tsx has left to it, where no package.json says that it is a module. */
function isTakenForCommonJs(path: string, error: unknown): boolean {
  return TYPESCRIPT.has(extname(path)) && !stripsTypes() && error instanceof Error && "code" in error && error.code === "ERR_REQUIRE_CYCLE_MODULE";
}

/** Where it failed is what its author wants to know, so the stack is shown: it is his own. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message).replaceAll(`${pathToFileURL(process.cwd()).href}/`, "").replaceAll(`${process.cwd()}/`, "");
}

/** Node 22.18 and later take the types away themselves; before, tsx does it, if it is installed beside the application. */
async function readyForTypeScript(path: string, file: string, variables: Session["variables"]): Promise<void> {
  if (stripsTypes() || process.execArgv.some((argument) => /tsx/.test(argument)) || /tsx/.test(variables["NODE_OPTIONS"] ?? "")) return;
  const api = findTsx(path);
  if (api === undefined) {
    const folder = relative(process.cwd(), dirname(path)) || ".";
    throw misused(`Node ${process.versions.node} does not run TypeScript by itself, so ${file} needs tsx: npm install --save-dev tsx in ${folder} or above it, or use Node 22.18 or later.`);
  }
  const tsx: { register(): unknown } = await import(pathToFileURL(api).href);
  tsx.register();
}

/** What tsx registers itself with, if it can be found from there. Its way in for `require`, which a plain look-up would find, does not register. */
function findTsx(path: string): string | undefined {
  const manifest = findModule(path, "tsx/package.json");
  if (manifest === undefined) return undefined;
  try {
    const { exports }: { readonly exports: Readonly<Record<string, { readonly import: { readonly default: string } }>> } = JSON.parse(readFileSync(manifest, "utf8"));
    const api = exports["./esm/api"]?.import.default;
    return api === undefined ? undefined : join(dirname(manifest), api);
  } catch {
    return undefined;
  }
}

function stripsTypes(): boolean {
  return "typescript" in process.features && Boolean(process.features.typescript);
}
