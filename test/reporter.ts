import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";
import type { TestEvent } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** In a stack node writes it as a URL or a path, and from the root where it names a test. */
const COMPILED_POSITION = /([^\s()]*)\bbuild\/([\w./-]+)\.js:(\d+):(\d+)/g;

/**
 * What node's `spec` writes, with the places in the TypeScript that the tests were compiled from. Only what
 * failed is looked up: `--enable-source-maps` costs every process a tenth of its time.
 */
// node:test takes the default export.
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const text of Readable.from(events).pipe(new spec())) yield String(text).replace(COMPILED_POSITION, toSourcePosition);
}

function toSourcePosition(compiled: string, root: string, script: string, line: string, column: string): string {
  const map = join(REPOSITORY, "build", `${script}.js.map`);
  if (!existsSync(map)) return compiled;
  const entry = new SourceMap(JSON.parse(readFileSync(map, "utf8"))).findEntry(Number(line) - 1, Number(column) - 1);
  return "originalLine" in entry ? `${root}${script}.ts:${entry.originalLine + 1}:${entry.originalColumn + 1}` : compiled;
}
