export { CHANNELS } from "./channels.ts";
export { createTracing, type DiagnosticsTracing } from "./tracing.ts";
export { createMetrics, type Gauge, type Metrics, type MetricsOptions, type RenderedMetrics } from "./metrics/metrics.ts";
export { createMetricsHandler, type MetricsHandlerOptions } from "./metrics/metrics-handler.ts";
export type { RequestTracing, TracedRequest } from "../http/tracing.ts";
