import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addTransport, clearTransports } from "../../adapters/rest/harness.ts";
import { sendOverWire } from "../../adapters/rest/transports/wire.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";

/** A framework's server: serves the handler that is current, and answers its port. */
export type Serve = (handler: HttpHandler) => Promise<number>;

const FOLDER = join(import.meta.dirname, "../../adapters/rest");

/**
 * Runs every REST case over a real connection to a server of somebody else's.
 * @param without By the case's sentence, why this framework does not let it through to us.
 */
export async function runRestCases(name: string, serve: Serve, without: ReadonlyMap<string, string> = new Map()): Promise<void> {
  let current: HttpHandler = () => ({ status: 500, headers: {}, body: null });
  const port = await serve((request) => current(request));
  clearTransports();
  addTransport(
    name,
    async (handler, sent) => {
      current = handler;
      return sendOverWire(port, sent);
    },
    { without },
  );
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).map((file) => join(FOLDER, file));
  for (const file of files.filter(goesThroughTransports)) await import(file);
}

function goesThroughTransports(file: string): boolean {
  return file.endsWith(".test.ts") && /\b(?:testCases|TRANSPORTS)\b/.test(readFileSync(file, "utf8"));
}
