/** What a request may cost in this adapter alone; they hold in a server of your own too. */
export interface RequestLimits {
  /** Headers of one request; more are answered 431. 1 to 1,000; default 100. */
  readonly maxHeaderCount: number;
  /** Requests that run at the same time, counted from when the whole body is there; the next one is answered 503 with Retry-After. 1 to 100,000; default 500. */
  readonly maxInFlight: number;
  /**
   * The same of one identity, counted from when it is known who asks: 429 with Retry-After. So nobody whose calls take long keeps all others out.
   * 1 to 100,000; default four fifths of `maxInFlight`.
   */
  readonly maxInFlightPerIdentity: number;
  /** Requests whose body is on its way, and did not come with the head; beyond that the longest under way is answered 503. 1 to 100,000; default 400. */
  readonly maxUnfinishedBodies: number;
  /** The same for one address (an IPv6 network of 64 bits is one): 429 with Retry-After. 1 to 100,000; default 100. */
  readonly maxUnfinishedBodiesPerAddress: number;
  /** What has come of all those bodies together, in bytes; one that goes beyond it is answered 503. To be more than the largest body. 1,024 to 1,099,511,627,776; default 67,108,864. */
  readonly maxUnfinishedBytes: number;
  /** Streams that last, such as events; the next one is answered 503. They do not count as requests that run. 1 to 100,000; default 500. */
  readonly maxStreams: number;
  /** The same for one address, beyond which it is 429 with Retry-After. 1 to 100,000; default 100. */
  readonly maxStreamsPerAddress: number;
  /** Requests on one connection, which then closes. 1 to 1,000,000; default 1,000. */
  readonly maxRequestsPerSocket: number;
  /** For how long a client may leave an answer unread. 100 to 3,600,000 ms; default 30,000. */
  readonly writeTimeoutMs: number;
}

/** All limits of a server that this adapter starts. */
export interface ServerLimits extends RequestLimits {
  /** Request line and headers together, in bytes; more are answered 431. 1,024 to 1,048,576; default 16,384. */
  readonly maxHeaderBytes: number;
  /** Open connections; the next one is dropped. More than all that the other limits let in. 1 to 100,000; default 2,000. */
  readonly maxConnections: number;
  /** The same for one address that is no trusted proxy. 1 to 100,000; default 1,000. */
  readonly maxConnectionsPerAddress: number;
  /** Connections on which nothing runs; at every `connectionsCheckingIntervalMs` the longest idle are closed that are too many. 1 to 100,000; default 500. */
  readonly maxIdleConnections: number;
  /** The same for one address that is no trusted proxy. 1 to 100,000; default 250. */
  readonly maxIdleConnectionsPerAddress: number;
  /** From the first byte of a request (or from connecting) to its last header, then 408. 100 to 3,600,000 ms; default 10,000. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to its last, then 408; no less than `headersTimeoutMs`. 100 to 3,600,000 ms; default 30,000. */
  readonly requestTimeoutMs: number;
  /** For how long a connection is kept open for a next request. 1 to 3,600,000 ms; default 5,000. */
  readonly keepAliveTimeoutMs: number;
  /** How often the timeouts for headers and requests, and what is idle, are looked after. 10 to 60,000 ms; default 1,000. */
  readonly connectionsCheckingIntervalMs: number;
  /** For how long `close()` waits for running requests before it cuts them off. 0 to 3,600,000 ms; default 9,000. */
  readonly drainTimeoutMs: number;
}

const HOUR_MS = 3_600_000;

/** @throws TypeError that names the option and its range: a limit that is no number would be none at all. */
export function resolveRequestLimits(given: Partial<RequestLimits>): RequestLimits {
  const maxInFlight = resolve(given, "maxInFlight", 500, 1, 100_000);
  return {
    maxHeaderCount: resolve(given, "maxHeaderCount", 100, 1, 1_000),
    maxInFlight,
    maxInFlightPerIdentity: resolve(given, "maxInFlightPerIdentity", Math.ceil(maxInFlight * 0.8), 1, 100_000),
    maxUnfinishedBodies: resolve(given, "maxUnfinishedBodies", 400, 1, 100_000),
    maxUnfinishedBodiesPerAddress: resolve(given, "maxUnfinishedBodiesPerAddress", 100, 1, 100_000),
    maxUnfinishedBytes: resolve(given, "maxUnfinishedBytes", 67_108_864, 1_024, 2 ** 40),
    maxStreams: resolve(given, "maxStreams", 500, 1, 100_000),
    maxStreamsPerAddress: resolve(given, "maxStreamsPerAddress", 100, 1, 100_000),
    maxRequestsPerSocket: resolve(given, "maxRequestsPerSocket", 1_000, 1, 1_000_000),
    writeTimeoutMs: resolve(given, "writeTimeoutMs", 30_000, 100, HOUR_MS),
  };
}

/** @throws TypeError as {@link resolveRequestLimits} does. */
export function resolveServerLimits(given: Partial<ServerLimits>): ServerLimits {
  const limits = {
    ...resolveRequestLimits(given),
    maxHeaderBytes: resolve(given, "maxHeaderBytes", 16_384, 1_024, 1_048_576),
    maxConnections: resolve(given, "maxConnections", 2_000, 1, 100_000),
    maxConnectionsPerAddress: resolve(given, "maxConnectionsPerAddress", 1_000, 1, 100_000),
    maxIdleConnections: resolve(given, "maxIdleConnections", 500, 1, 100_000),
    maxIdleConnectionsPerAddress: resolve(given, "maxIdleConnectionsPerAddress", 250, 1, 100_000),
    headersTimeoutMs: resolve(given, "headersTimeoutMs", 10_000, 100, HOUR_MS),
    requestTimeoutMs: resolve(given, "requestTimeoutMs", 30_000, 100, HOUR_MS),
    keepAliveTimeoutMs: resolve(given, "keepAliveTimeoutMs", 5_000, 1, HOUR_MS),
    connectionsCheckingIntervalMs: resolve(given, "connectionsCheckingIntervalMs", 1_000, 10, 60_000),
    drainTimeoutMs: resolve(given, "drainTimeoutMs", 9_000, 0, HOUR_MS),
  };
  if (limits.requestTimeoutMs >= limits.headersTimeoutMs) return limits;
  throw new TypeError(`requestTimeoutMs (${limits.requestTimeoutMs}) covers the headers too; make it no less than headersTimeoutMs (${limits.headersTimeoutMs})`);
}

function resolve<Name extends string>(
  given: { readonly [name in Name]?: number },
  name: Name,
  normal: number,
  least: number,
  most: number,
): number {
  const value = given[name] ?? normal;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name}: ${String(value)} is out of range; give a whole number from ${least} to ${most}`);
}
