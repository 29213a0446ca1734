import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { AbortSignalLike } from "../../domain/ports.ts";
import type { HeaderIndex } from "./headers.ts";

/** A request as any transport can hand it over; no socket behind it is needed. */
export interface HttpRequest {
  /** Upper-case, as it came. */
  readonly method: string;
  /** The request target as it came: path and query, undecoded. */
  readonly target: string;
  /** Name, value, name, value, … as they came, repetitions included: attacks hide in those. */
  readonly rawHeaders: readonly string[];
  /** The same, read; for a transport that had to read them itself. */
  readonly headers?: HeaderIndex;
  /**
   * Reads the whole body, asked for only once the caller is known. Null when it is longer than
   * `maxBytes`. Rejects with `ClientGone` when the client went away, with `RequestRefused`
   * when there is no place for the request. To be called once.
   */
  body(maxBytes: number): MaybePromise<Uint8Array | null>;
  /** The peer's address, if the transport knows one: for throttling. Never taken from a header that anybody may send. */
  readonly remoteAddress?: string | undefined;
  /** Counts it for whoever makes it, from now until it is answered. False: of those too many are under way. Absent: the transport knows no such limit. To be called once. */
  countFor?(caller: string): boolean;
  /** Aborted when the client has gone before it was answered, if the transport can tell. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A body that comes piece by piece; whoever writes it awaits each piece. */
export type BodyStream = AsyncIterable<string>;

/** A whole answer. Header names are lower-case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Null: no body at all, as with 204. */
  readonly body: string | BodyStream | null;
  /** A stream that lasts for as long as its reader likes, such as events: no work of ours, so it is no request that runs. */
  readonly lasting?: boolean;
}

/** Answer headers; an array writes the header once for each value. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[]>>;

/** The whole of a server: a request in, an answer out. Never rejects for anything the client did. */
export type HttpHandler = (request: HttpRequest) => MaybePromise<HttpResponse>;
