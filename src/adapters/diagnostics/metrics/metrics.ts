import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { Observe } from "../../../domain/ports.ts";
import { requireFunction } from "../../../domain/check-option.ts";
import { OPENMETRICS, PROMETHEUS, type Exposition } from "./exposition.ts";
import { AskedFamily, type Family } from "./family.ts";
import { ProcessFigures } from "./process-figures.ts";
import { WorkFigures } from "./work-figures.ts";

/** A figure of your own, asked for whenever the figures are read. */
export interface Gauge {
  /** As in Prometheus, with its unit: `actionport_store_bytes`. */
  readonly name: string;
  /** What it measures, in a sentence. */
  readonly help: string;
  /** The values, by what tells them apart; one number where nothing does. A promise that rejects, and what is thrown, leaves the figure out. */
  readonly read: () => MaybePromise<number | Readonly<Record<string, number>>>;
  /** The label of what tells them apart. Default: `kind`. */
  readonly label?: string;
}

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  /** Figures beside Actionport's own. Default: none. */
  readonly gauges?: readonly Gauge[];
}

/** The figures of this process. */
export interface Metrics {
  /** Counts lines of the log by their event: to be told what your `observe` is told. */
  readonly observe: Observe;
  /** All figures: in Prometheus' text format 0.0.4, or in that of OpenMetrics 1.0. */
  render(format?: "prometheus" | "openmetrics"): Promise<RenderedMetrics>;
  /** Counts no more. */
  close(): void;
}

/** The figures as a text. */
export interface RenderedMetrics {
  readonly contentType: string;
  readonly text: string;
}

const FORMATS: Readonly<Record<"prometheus" | "openmetrics", Exposition>> = { prometheus: PROMETHEUS, openmetrics: OPENMETRICS };

/**
 * Counts what Actionport does in this process, from its channels, and reads what Node tells of the process. What has happened
 * before is not counted. Labels have few values: routes are templates, actions and workflows those of catalogs.
 *
 * @throws TypeError on a gauge with a wrong name, or one that is named twice.
 */
export function createMetrics({ gauges = [] }: MetricsOptions = {}): Metrics {
  const work = new WorkFigures();
  const figures = new ProcessFigures();
  try {
    checkGauges(gauges, [...work.families, ...figures.families].map(({ of }) => of.name));
  } catch (error) {
    work.close();
    figures.close();
    throw error;
  }
  return {
    observe: (observation) => work.countEvent(observation),
    async render(format = "prometheus") {
      const own = await Promise.all(gauges.map(readGauge));
      const { contentType, render } = FORMATS[format];
      return { contentType, text: render([...work.families, ...own.flat(), ...figures.families]) };
    },
    close() {
      work.close();
      figures.close();
    },
  };
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function checkGauges(gauges: readonly Gauge[], taken: readonly string[]): void {
  const names = new Set(taken);
  for (const { name, label = "kind", read } of gauges) {
    if (!NAME.test(name)) throw new TypeError(`gauge ${JSON.stringify(name)}: a name is letters, digits and "_", such as actionport_store_bytes`);
    if (!LABEL.test(label) || label === "le") throw new TypeError(`gauge ${name}: label ${JSON.stringify(label)} is none; give letters, digits and "_", and not "le"`);
    if (names.has(name)) throw new TypeError(`gauge ${name} is there twice; give each a name of its own`);
    requireFunction(`gauge ${name}: read`, read, "it answers a number, or numbers by name");
    names.add(name);
  }
}

/** A figure that cannot be read is missing, and costs none of the others. */
async function readGauge({ name, help, read, label = "kind" }: Gauge): Promise<readonly Family[]> {
  try {
    const found = await read();
    const values = typeof found === "number" ? [{ labels: [""], value: found }] : Object.entries(found).map(([kind, value]) => ({ labels: [kind], value }));
    return [new AskedFamily({ name, type: "gauge", help, labels: [label] }, () => values)];
  } catch {
    return [];
  }
}
