import type { StartServer } from "../http/started.ts";

/** What the others' items a second are told as a share of. */
export const BY_HAND = "by hand on node:http";

/** By the name that stands in the report; nobody has the code of the others in his process. */
export const BULK_SERVERS: Readonly<Record<string, () => Promise<StartServer>>> = {
  [BY_HAND]: async () => (await import("./servers/by-hand.ts")).startByHand,
  "Fastify": async () => (await import("./servers/fastify.ts")).startFastify,
  "ours, no entries": async () => (await import("../http/servers/ours.ts")).startWithoutEntries,
  "ours, as it comes": async () => (await import("../http/servers/ours.ts")).startAsItComes,
  "ours, file store": async () => (await import("../http/servers/ours.ts")).startOnFiles,
};
