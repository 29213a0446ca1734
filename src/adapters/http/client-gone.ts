/**
 * What `HttpRequest.body()` rejects with when the client went away before its body was complete.
 * Nobody is to blame and nobody can be answered, so it is let through to the guard and logged as no error.
 */
export class ClientGone extends Error {
  override readonly name = "ClientGone";

  constructor() {
    super("the client went away before its request was complete");
  }
}
