import { monitorEventLoopDelay, performance, type IntervalHistogram } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import { AskedFamily, type Family, type Labels } from "./family.ts";

/** In nanoseconds a second. */
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** How often the delay of the event loop is looked at, in milliseconds. What Node tells is the time from one look to the next. */
const LOOK_MS = 10;

type Read = () => Iterable<{ readonly labels: Labels; readonly value: number }>;

/** The figures of the process, named as OpenTelemetry's conventions for Node and V8 have them. */
export class ProcessFigures {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOK_MS });
  #utilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  /** The delays are those since they were read last. */
  get families(): readonly Family[] {
    const delay = this.#readDelay();
    const utilization = this.#readUtilization();
    return [
      ...Object.entries(delay).map(([name, value]) => gauge(`nodejs_eventloop_delay_${name}_seconds`, "seconds", `Event loop delay since the last reading: ${name}.`, [], () => [{ labels: [], value }])),
      gauge("nodejs_eventloop_utilization_ratio", "ratio", "How much of the time since the last reading the event loop was busy, 0 to 1.", [], () => [{ labels: [], value: utilization }]),
      gauge("v8js_memory_heap_used_bytes", "bytes", "Heap in use, by space.", ["v8js_heap_space_name"], readHeap),
      gauge("v8js_memory_heap_max_bytes", "bytes", "The most heap that V8 will take.", [], () => [{ labels: [], value: getHeapStatistics().heap_size_limit }]),
      gauge("process_memory_usage_bytes", "bytes", "Memory that the process has in use (resident set).", [], () => [{ labels: [], value: process.memoryUsage.rss() }]),
      gauge("process_uptime_seconds", "seconds", "How long the process has run.", [], () => [{ labels: [], value: process.uptime() }]),
      new AskedFamily({ name: "process_cpu_time_seconds_total", type: "counter", unit: "seconds", help: "Processor time, by mode.", labels: ["cpu_mode"] }, readCpu),
    ];
  }

  close(): void {
    this.#delay.disable();
  }

  #readDelay(): Readonly<Record<"min" | "mean" | "p50" | "p90" | "p99" | "max", number>> {
    const histogram = this.#delay;
    const isEmpty = histogram.count === 0;
    const seconds = (value: number) => (isEmpty ? 0 : Math.max(0, value / NANOSECONDS - LOOK_MS / 1000));
    const read = { min: seconds(histogram.min), mean: seconds(histogram.mean), p50: seconds(histogram.percentile(50)), p90: seconds(histogram.percentile(90)), p99: seconds(histogram.percentile(99)), max: seconds(histogram.max) };
    histogram.reset();
    return read;
  }

  #readUtilization(): number {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    return since.utilization;
  }
}

function gauge(name: string, unit: "seconds" | "bytes" | "ratio", help: string, labels: Labels, read: Read): Family {
  return new AskedFamily({ name, type: "gauge", unit, help, labels }, read);
}

function readHeap(): ReturnType<Read> {
  return getHeapSpaceStatistics().map(({ space_name, space_used_size }) => ({ labels: [space_name], value: space_used_size }));
}

function readCpu(): ReturnType<Read> {
  const { user, system } = process.cpuUsage();
  return [
    { labels: ["user"], value: user / MICROSECONDS },
    { labels: ["system"], value: system / MICROSECONDS },
  ];
}
