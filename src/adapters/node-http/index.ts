export { drainOnSignal } from "./signals.ts";
export type { SignalOptions } from "./signals.ts";
export type { RequestLimits, ServerLimits } from "./limits/limits.ts";
export { toRequestListener } from "./request-listener.ts";
export type { RequestListenerOptions } from "./request-listener.ts";
export { startServer } from "./server.ts";
export type { RunningServer, ServerAddress, ServerOptions } from "./server.ts";
