import { SimpleSpanProcessor, NodeTracerProvider, type ReadableSpan, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { startApplication } from "../../../src/app/index.ts";
import { application } from "./application.ts";
import { ChannelContextManager, traceActionport } from "./bridge.gen.ts";
import type { Message } from "./messages.ts";

/** A process of its own: the shop, with the bridge of the documentation. Tells the process that has started it of every span. */
const contextManager = new ChannelContextManager();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor({ export: tellSpans, shutdown: async () => undefined })] }).register({ contextManager });
traceActionport(contextManager);

const { url, metricsUrl, authorization } = await startApplication(application, { DATA_DIR: process.argv[2], METRICS_PORT: "0" });
const [desk] = await authorization.clients.list();
if (metricsUrl === null || desk === undefined) throw new Error("the shop has no figures, or no client");
const { access_token: token } = await authorization.issueToken({ client_id: desk.client_id });
tell({ served: { url, metricsUrl, token } });

function tellSpans(spans: readonly ReadableSpan[], done: Parameters<SpanExporter["export"]>[1]): void {
  for (const span of spans) {
    const { traceId, spanId } = span.spanContext();
    tell({ span: { name: span.name, traceId, spanId, parentId: span.parentSpanContext?.spanId, attributes: span.attributes } });
  }
  done({ code: 0 });
}

function tell(message: Message): void {
  process.send?.(message);
}
