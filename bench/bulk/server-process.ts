import { monitorEventLoopDelay } from "node:perf_hooks";
import { BULK_SERVERS } from "./servers.ts";

/*
 * Serves the server with the name in the first argument until the parent goes. Sends where it listens and its
 * tokens; each message after that is answered with the longest time, in milliseconds, that the event loop was kept since the last.
 */

const name = process.argv[2] ?? "";
const load = BULK_SERVERS[name];
if (load === undefined) throw new TypeError(`there is no server "${name}"`);
const start = await load();
const { stop, ...started } = await start();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on("message", () => {
  process.send?.(delay.max / 1e6);
  delay.reset();
});
process.on("disconnect", async () => {
  await stop?.();
  process.exit();
});
process.send?.(started);
