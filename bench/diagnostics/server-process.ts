import { VARIANTS } from "./variants.ts";

/*
 * Serves the variant with the name in the first argument until the parent goes. Sends where it listens and its
 * tokens; each message after that is answered with the microseconds of processor time so far.
 */

const start = VARIANTS[process.argv[2] ?? ""];
if (start === undefined) throw new TypeError(`there is no variant "${process.argv[2]}"`);
const { port, tokens, powerless } = await start();

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => process.exit());
process.send?.({ port, tokens, powerless });
