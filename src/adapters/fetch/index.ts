export { toFetchHandler } from "./fetch-handler.ts";
export type { FetchHandler, FetchHandlerOptions } from "./fetch-handler.ts";
