import { SERVERS } from "./servers.ts";

/*
 * Serves the server with the name in the first argument until the parent goes. Sends where it listens and its
 * tokens; each message after that is answered with the microseconds of processor time so far.
 */

const name = process.argv[2] ?? "";
const server = SERVERS[name];
if (server === undefined) throw new TypeError(`there is no server "${name}"`);
const start = await server.load();
const { stop, ...started } = await start();

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", async () => {
  await stop?.();
  process.exit();
});
process.send?.(started);
