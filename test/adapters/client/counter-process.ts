import { openFileStore } from "../../../src/adapters/file/index.ts";
import { startServer } from "../../../src/adapters/node-http/index.ts";
import { openLabOn } from "./counters.ts";

// A server on the counters of a directory, which says on which port it listens. It is meant to be killed.
const [directory = ""] = process.argv.slice(2);
const store = await openFileStore({ directory, clock: Date.now });
const lab = await openLabOn(store);
const server = await startServer({ port: 0, createHandler: () => lab.handler, newId: () => crypto.randomUUID(), observe: () => {} });
process.stdout.write(`${server.port}\n`);
