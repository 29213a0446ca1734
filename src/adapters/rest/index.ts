export { createRest } from "./rest.ts";
export type { RestOptions } from "./rest.ts";
export type { HttpHandler, HttpHeaders, HttpRequest, HttpResponse } from "../http/message.ts";
export type { OpenApiOptions } from "./openapi/options.ts";
export type { CorsOptions } from "../http/cors.ts";
