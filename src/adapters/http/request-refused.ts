import type { HttpFailure } from "./failure.ts";

/**
 * What `HttpRequest.body()` rejects with when the transport has no place for the request, and what a stream throws whose reader may
 * read no more. It is let through to the guard, which answers with the failure while that is possible; nothing unforeseen has happened.
 */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
