import type { HttpFailure } from "./failure.ts";

/**
 * What `HttpRequest.body()` rejects with when the transport has no place for the request. It is let through to the
 * guard, which answers with the failure.
 */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
