import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";

/** One fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function readBlocks(path: string): readonly Block[] {
  const blocks = readFileSync(path, "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Where the sources of the package's entry points are, as `paths` of a tsconfig.json. */
export function readEntryPoints(): Readonly<Record<string, readonly string[]>> {
  const { exports }: { readonly exports: Readonly<Record<string, { readonly default: string } | string>> } = JSON.parse(readFileSync("package.json", "utf8"));
  const toSource = (path: string) => resolve(path.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
  return Object.fromEntries(Object.entries(exports).flatMap(([entry, target]) => (typeof target === "string" ? [] : [[entry.replace(".", "actionport"), [toSource(target.default)]]])));
}

/** A command line of the README, run: what it printed, and what the README says that it prints, if it does. */
export interface Driven {
  readonly command: string;
  readonly printed: string;
  readonly expected: string | undefined;
}

/** Runs all the README's curl lines in one shell, as a reader would, but against this server and its data. */
export async function driveCurlLines(url: string, dataDirectory: string): Promise<readonly Driven[]> {
  const blocks = readBlocks("README.md");
  const lines = blocks.flatMap(({ language, text }, at) => {
    const next = blocks[at + 1];
    return language === "sh" && text.includes("curl") ? [{ command: text, expected: next?.language === "json" ? next.text.trim() : undefined }] : [];
  });
  const script = lines.map(({ command }) => `${adapt(command, url, dataDirectory)}\nprintf '${SEPARATOR}'\n`).join("");
  const { stdout } = await promisify(execFile)("sh", ["-ec", script], { timeout: 30_000 });
  return lines.map((line, at) => ({ ...line, printed: (stdout.split("\u001e")[at] ?? "").trim() }));
}

/** The record separator, as printf writes it. */
const SEPARATOR = "\\036";

function adapt(command: string, url: string, dataDirectory: string): string {
  return command.replaceAll("http://127.0.0.1:3000", url).replaceAll("./.data/northwind", dataDirectory);
}
