import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createMetrics, createMetricsHandler } from "../../adapters/diagnostics/index.ts";
import type { Gauge, Metrics } from "../../adapters/diagnostics/index.ts";
import type { HttpHandler } from "../../adapters/http/message.ts";
import { startServer } from "../../adapters/node-http/index.ts";
import type { Observe } from "../../domain/ports.ts";
import type { MetricsSettings } from "../application/application.ts";
import type { Surroundings } from "./open-actions.ts";

/** The figures as they are read, if anybody may. */
export interface OpenedMetrics {
  /** Tells the figures as well. */
  readonly observe: Observe;
  /** Answers for `/metrics` beside the API; null where the figures have an address of their own, or are not read. */
  readonly handler: HttpHandler | null;
  /** Where the figures have an address of their own: `http://127.0.0.1:9464/metrics`. */
  readonly url: string | null;
  close(): Promise<void>;
}

/** Where the figures are to be read. */
export interface MetricsPlace {
  readonly host: string;
  /** Whose files are counted; null: there are none. */
  readonly storeDirectory: string | null;
}

/** Opens what operators read figures from: a port of its own, or `/metrics` with a token. With neither there are none. */
export async function openMetrics({ port, token, gauges = [] }: MetricsSettings, { host, storeDirectory }: MetricsPlace, surroundings: Omit<Surroundings, "tracing">): Promise<OpenedMetrics> {
  const { observe, clock, newId } = surroundings;
  if (port === undefined && token === undefined) return { observe, handler: null, url: null, close: async () => undefined };
  const metrics = createMetrics({ gauges: storeDirectory === null ? gauges : [storeBytes(storeDirectory), ...gauges] });
  try {
    const handler = createMetricsHandler({ metrics, token, clock, newId });
    const server = port === undefined ? null : await startServer({ createHandler: () => handler, host, port, clock, newId, observe });
    const close = async () => {
      await server?.close();
      metrics.close();
    };
    return { observe: tellBoth(metrics, observe), handler: server === null ? handler : null, url: server === null ? null : `${server.url}/metrics`, close };
  } catch (error) {
    metrics.close();
    throw error;
  }
}

function tellBoth(metrics: Metrics, observe: Observe): Observe {
  return (observation) => {
    metrics.observe(observation);
    observe(observation);
  };
}

/** The kinds of files that the store has, by what their names end with. */
const KINDS = ["log", "snapshot", "trail"] as const;

/** What the file store takes on the disk. */
function storeBytes(directory: string): Gauge {
  return {
    name: "actionport_store_bytes",
    help: "What the file store takes on the disk, by kind of file.",
    async read() {
      const bytes = { log: 0, snapshot: 0, trail: 0 };
      for (const name of await readdir(directory)) {
        const kind = KINDS.find((each) => name.endsWith(`.${each}`));
        if (kind !== undefined) bytes[kind] += await sizeOf(join(directory, name));
      }
      return bytes;
    },
  };
}

/** A file may be gone by now: a newer one is in its place. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
