import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A family as Prometheus' own parser has read it; a counter's name is without `_total`. */
export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly samples: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Debian's own, which has Debian's packages. */
const PYTHON = "/usr/bin/python3";

/** Throws what the parser says of a text that is none. */
export function readFigures(text: string, format: "text" | "openmetrics"): readonly ReadFamily[] {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, [fileURLToPath(new URL("read-figures.py", import.meta.url)), format], { input: text, encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(stderr?.includes("No module named 'prometheus_client'") === true || error !== undefined ? "apt-get install python3-prometheus-client: that reads the figures" : stderr);
}
