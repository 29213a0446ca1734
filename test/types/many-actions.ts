import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** For each name, TypeScript looks through the constants above it in its file: among many in one file each costs more, whatever they are made by. */
const ACTIONS_A_FILE = 30;

/** What a compiler says of an application with so many actions, and a client that calls some of them. */
interface Checked {
  readonly count: number;
  readonly instantiations: number;
  readonly seconds: number;
}

/** The actions that the client's program calls: those of the first file, or each. */
export type Called = "some" | "each";

/** Fails when one more action takes more instantiations among many than among few. The counts rise. */
export function checkManyActions(compiler: string, counts: readonly number[], called: Called): readonly Checked[] {
  const installed = installPackage();
  try {
    const checked = counts.map((count) => checkActions({ compiler, installed, called, count }));
    const slopes = checked.slice(1).map(({ count, instantiations }, index) => slope(checked[index] ?? NOTHING, { count, instantiations }));
    for (const each of slopes) assert.ok(each < MOST_AN_ACTION[called], `one more action takes ${each} instantiations; ${MOST_AN_ACTION[called]} are the most`);
    const [first = 0, last = first] = slopes;
    assert.ok(last < first * 1.05, `one more action takes ${first} instantiations among few and ${last} among many`);
    return checked;
  } finally {
    rmSync(installed, { recursive: true });
  }
}

const MOST_AN_ACTION: Readonly<Record<Called, number>> = { some: 480, each: 1_000 };
const NOTHING = { count: 0, instantiations: 0 };

function slope(few: typeof NOTHING, many: typeof NOTHING): number {
  return (many.instantiations - few.instantiations) / (many.count - few.count);
}

/** A folder where the package is installed as its users have it: with declarations in the place of sources. */
function installPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "actionport-types-"));
  const installed = join(folder, "node_modules/actionport");
  mkdirSync(installed, { recursive: true });
  copyFileSync("package.json", join(installed, "package.json"));
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--emitDeclarationOnly", "--sourceMap", "false", "--outDir", join(installed, "dist")]);
  return folder;
}

/** What is to be checked, by which compiler, beside which package. */
interface Program {
  readonly compiler: string;
  readonly installed: string;
  readonly called: Called;
  readonly count: number;
}

function checkActions({ compiler, installed, called, count }: Program): Checked {
  const folder = join(installed, `${called}-${count}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(applicationOf(count, called))) writeFileSync(join(folder, name), text);
  const told = execFileSync(process.execPath, [compiler, "-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
  const figure = (name: string) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(told)?.[1]);
  return { count, instantiations: figure("Instantiations"), seconds: figure("Total time") };
}

function applicationOf(count: number, called: Called): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const files: Record<string, string> = {
    "package.json": '{"type":"module"}',
    "tsconfig.json": JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions: { typeRoots: [resolve("node_modules/@types")], paths: {} }, include: ["*.ts"], exclude: [] }),
    "order.ts": ORDER,
    "catalog.ts": toCatalog(numbers),
  };
  for (let from = 0; from < count; from += ACTIONS_A_FILE) {
    const some = numbers.slice(from, from + ACTIONS_A_FILE);
    files[fileOf(from)] = [IMPORTS, ...some.map(toAction)].join("\n");
    if (called === "each" || from === 0) files[`calls-${from}.ts`] = [CLIENT, ...some.map(toCall)].join("\n");
  }
  return files;
}

const ORDER = `import { defineSubject, integerId } from "actionport";
export interface OrderRecord { readonly id: number; readonly at: string | null; readonly note: string; }
export const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => "Order " + order.id, fields: ["at"] });`;

const IMPORTS = `import { defineAction, everyone, integer, text, value } from "actionport";
import { Order } from "./order.ts";`;

const CLIENT = `import { createClient } from "actionport/client";
import type { Api } from "./catalog.ts";
const client = createClient<Api>({ baseUrl: "http://127.0.0.1", auth: () => "token" });`;

/** Every other action is on a subject and has an error of its own. */
function toAction(number: number): string {
  if (number % 2 === 0) return `export const a${number} = defineAction({ key: "a/a${number}", label: "A", params: { p${number}: text() }, authorize: everyone, handle: ({ params }) => value({ v${number}: params.p${number} }) });`;
  return `export const a${number} = defineAction({
  key: "a/a${number}", label: "A", subject: Order, params: { reason: text().optional(), p${number}: integer().default(1) },
  errors: { shipped: { details: { at: text() } } }, authorize: everyone,
  handle({ subject, subjects, now, params, fail }) {
    if (params.p${number} > 1) throw fail("shipped", "It has.", { at: now });
    return subjects.put(Order, { ...subject, at: now });
  },
});`;
}

function toCall(number: number): string {
  return number % 2 === 0 ? `export const r${number}: string = (await client.execute("a/a${number}", { p${number}: "" })).data.v${number};` : `export const r${number}: string | null = (await client.execute("a/a${number}", 1, {})).data.at;`;
}

function toCatalog(numbers: readonly number[]): string {
  const imports = numbers.map((number) => `import { a${number} } from "./${fileOf(number)}";`);
  const names = numbers.map((number) => `a${number}`).join(", ");
  return `import { createCatalog, type ApiOf } from "actionport";\nimport { Order } from "./order.ts";\n${imports.join("\n")}
export const catalog = createCatalog({ subjects: [Order], actions: [${names}] });\nexport type Api = ApiOf<typeof catalog>;`;
}

function fileOf(number: number): string {
  return `actions-${Math.floor(number / ACTIONS_A_FILE)}.ts`;
}
