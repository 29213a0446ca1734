import { monitorEventLoopDelay } from "node:perf_hooks";
import { BULK_SERVERS } from "./servers.ts";

/*
 * Serves the server with the name in the first argument until the parent goes. Sends where it listens and its
 * tokens; each message after that is answered with what happened since the last.
 */

/** What one call cost the server. */
export interface ServerTurn {
  /** The longest time that the event loop was kept, in milliseconds. */
  readonly stallMs: number;
  /** Of the process, user and system. */
  readonly cpuMs: number;
}

const name = process.argv[2] ?? "";
const load = BULK_SERVERS[name];
if (load === undefined) throw new TypeError(`there is no server "${name}"`);
const start = await load();
const { stop, ...started } = await start();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

let before = process.cpuUsage();

process.on("message", () => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  const turn: ServerTurn = { stallMs: delay.max / 1e6, cpuMs: (user + system) / 1_000 };
  process.send?.(turn);
  delay.reset();
});
process.on("disconnect", async () => {
  await stop?.();
  process.exit();
});
process.send?.(started);
