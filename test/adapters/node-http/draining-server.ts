/**
 * A process to be told to stop, for drain.test.ts. `/slow` is answered when standard input says
 * `go`, `/never` never is, all else at once. Writes its port, then a line for each thing observed.
 */
import { once } from "node:events";
import { createGuard } from "../../../src/adapters/http/guard.ts";
import { json } from "../../../src/adapters/http/response.ts";
import { drainOnSignal, startServer } from "../../../src/adapters/node-http/index.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const told = once(process.stdin, "data");
const guard = createGuard({ newId: () => "fresh-id", clock: Date.now });
const handler = guard(async ({ path }) => {
  say(`received ${path}`);
  if (path === "/slow") await told;
  if (path === "/never") await new Promise(() => {});
  return json(200, { path });
});

const server = await startServer({ port: 0, createHandler: () => handler, newId: () => "fresh-id", drainTimeoutMs: Number(process.argv[2]) });
drainOnSignal({
  deadlineMs: 8_000,
  observe: ({ event }) => say(event),
  async stop() {
    if (process.argv[3] === "fail") throw new Error("the store would not close");
    await server.close();
  },
});
say(`port ${server.port}`);
