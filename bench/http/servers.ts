import type { StartServer } from "./started.ts";
import type { WireName } from "./wire.ts";

/** A server that is compared. */
export interface Server {
  readonly wire: WireName;
  /** Loads it: nobody has the code of the others in his process. */
  readonly load: () => Promise<StartServer>;
}

/** A bare node:http server that parses the body and stringifies an answer. What the others reach is told as a share of it. */
export const FLOOR = "floor: node:http that parses and stringifies";

/** By the name that stands in the report. */
export const SERVERS: Readonly<Record<string, Server>> = {
  [FLOOR]: { wire: "rest", load: async () => (await import("./servers/floor.ts")).startFloor },
  "by hand on node:http, Map cache": { wire: "rest", load: async () => (await import("./servers/by-hand.ts")).startByHand },
  "Fastify, Map cache": { wire: "rest", load: async () => (await import("./servers/fastify.ts")).startWithMapCache },
  "Fastify, @fastify/jwt with its cache": { wire: "rest", load: async () => (await import("./servers/fastify.ts")).startWithPluginCache },
  "Fastify, @fastify/jwt without a cache": { wire: "rest", load: async () => (await import("./servers/fastify.ts")).startWithoutCache },
  "Hono, Map cache": { wire: "rest", load: async () => (await import("./servers/hono.ts")).startWithMapCache },
  "Hono, its jwt() without a cache": { wire: "rest", load: async () => (await import("./servers/hono.ts")).startWithoutCache },
  "Express, Map cache": { wire: "rest", load: async () => (await import("./servers/express.ts")).startExpress },
  "oRPC, Map cache": { wire: "orpc", load: async () => (await import("./servers/orpc.ts")).startOrpc },
  "tRPC, Map cache": { wire: "trpc", load: async () => (await import("./servers/trpc.ts")).startTrpc },
  "ours, no entries": { wire: "rest", load: async () => (await import("./servers/ours.ts")).startWithoutEntries },
  "ours, as it comes": { wire: "rest", load: async () => (await import("./servers/ours.ts")).startAsItComes },
  "ours, file store": { wire: "rest", load: async () => (await import("./servers/ours.ts")).startOnFiles },
};
