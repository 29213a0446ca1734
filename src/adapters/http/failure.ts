import type { HttpHeaders, HttpResponse } from "./message.ts";
import { json } from "./response.ts";

/** A refusal that has its reason in HTTP itself, before any action or grant is thought of. */
export interface HttpFailure {
  readonly status: number;
  /** One of the closed set in docs/errors.md, such as `malformed_request`. */
  readonly code: string;
  /** A sentence for a person: the fault and the remedy. */
  readonly message: string;
  /** Further headers, such as `retry-after`; lower-case names. */
  readonly headers?: HttpHeaders;
}

/** Puts a refusal into the form that the clients of an API know. `requestId` is in the headers already. */
export type RenderFailure = (failure: HttpFailure, requestId: string) => HttpResponse;

/** The form of the API's failures: `{"success":false,"message":"…","code":"…"}`. */
export function renderFailure(failure: HttpFailure): HttpResponse {
  return json(failure.status, { success: false, message: failure.message, code: failure.code }, failure.headers);
}
