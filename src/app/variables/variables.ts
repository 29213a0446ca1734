import { checkProxies } from "../../adapters/node-http/messages/client-address.ts";
import { flagVariable, listVariable, patternVariable, secretVariable, switchVariable, textVariable, wholeVariable, wordVariable } from "./variable.ts";

const HOST = /^[A-Za-z0-9_.:%-]{1,255}$/;
const ISSUER = /^https?:\/\/[^\s/?#]+(?:\/[^\s?#]*[^\s?#/])?$/;
const MAX_WAIT_MS = 3_600_000;
const CENTURY_SECONDS = 100 * 366 * 86_400;

/** Every variable that is read. The table in docs/operations.md says the same in the same order; a test compares. */
export const VARIABLES = {
  host: patternVariable({
    name: "HOST", normally: "127.0.0.1",
    meaning: "the address to listen on; with any other than a loopback address or a wildcard, `ACTIONPORT_ISSUER` must be set",
  }, HOST, "an address or a host name such as 127.0.0.1"),
  port: wholeVariable({ name: "PORT", normally: "3000", meaning: "0 takes a free one" }, "", 0, 65_535, " (any free port)"),
  dataDirectory: textVariable({ name: "DATA_DIR", normally: "`.data/<application>`", meaning: "the store, the keys, the first credentials, the socket for administration" }),
  issuer: patternVariable({
    name: "ACTIONPORT_ISSUER", normally: "the address itself", meaning: "the https URL under which clients reach the server",
  }, ISSUER, "an https URL without query, fragment or a slash at the end, such as https://orders.example.com"),
  signingKey: textVariable({ name: "ACTIONPORT_SIGNING_KEY", normally: "a key file in `DATA_DIR`", meaning: "private keys as PEM, JWK or JWK Set, for machines whose disk does not last" }),
  trustedProxies: listVariable({
    name: "TRUSTED_PROXIES", normally: "none", meaning: "addresses or networks, with commas between them, whose `X-Forwarded-For` is believed",
  }, checkProxies),
  corsOrigins: listVariable({
    name: "CORS_ORIGINS", normally: "none", meaning: "origins, with commas between them, whose pages may call: `https://console.example.com`",
  }, checkOrigins),
  logFormat: wordVariable({ name: "LOG_FORMAT", normally: "`text` on a terminal, else `json`", meaning: "lines for people, or lines of JSON" }, ["text", "json"]),
  logLevel: wordVariable({ name: "LOG_LEVEL", normally: "`info`", meaning: "what is logged: `error`, with `warn` also that, with `info` also that, with `debug` each request too" }, ["error", "warn", "info", "debug"]),
  logRequests: switchVariable({ name: "LOG_REQUESTS", normally: "0", meaning: "1 logs each request, whatever the level" }),
  metricsPort: wholeVariable({ name: "METRICS_PORT", normally: "none", meaning: "[figures](observability.md#figures) for Prometheus are read at this port, at `/metrics`; 0 takes a free one" }, "", 0, 65_535),
  metricsToken: secretVariable({
    name: "METRICS_TOKEN", normally: "none", meaning: "whoever reads the figures must send it as `Authorization: Bearer …`; without `METRICS_PORT` they are beside the API, at `/metrics`",
  }, /^[!-~]{16,1024}$/, "16 to 1,024 printable ASCII characters without spaces, such as `openssl rand -hex 32` prints"),
  noColor: flagVariable({ name: "NO_COLOR", normally: "not set", meaning: "set to anything, it keeps colours out of the log" }),
  maxBodyBytes: wholeVariable({ name: "MAX_BODY_BYTES", normally: "1048576", meaning: "`rest.maxBodyBytes`: the largest body" }, " of bytes", 1, 2 ** 30),
  maxInFlight: wholeVariable({ name: "MAX_IN_FLIGHT", normally: "500", meaning: "`server.maxInFlight`: requests at the same time" }, "", 1, 100_000),
  maxConnections: wholeVariable({ name: "MAX_CONNECTIONS", normally: "2000", meaning: "`server.maxConnections`: open connections" }, "", 1, 100_000),
  drainTimeoutMs: wholeVariable({ name: "DRAIN_TIMEOUT_MS", normally: "9000", meaning: "`server.drainTimeoutMs`: for how long a stop lets requests finish" }, " of milliseconds", 0, MAX_WAIT_MS),
  drainDelayMs: wholeVariable({ name: "DRAIN_DELAY_MS", normally: "0", meaning: "for how long a stop goes on as before once `GET /readyz` says 503, so that a load balancer looks elsewhere first" }, " of milliseconds", 0, MAX_WAIT_MS),
  maxHeapBytes: wholeVariable({ name: "MAX_HEAP_BYTES", normally: "0.8 of V8's limit", meaning: "`store.maxHeapBytes`, of the file store: with more in use, changes are refused" }, " of bytes", 2 ** 24, Number.MAX_SAFE_INTEGER),
  maxCachedBytes: wholeVariable({ name: "MAX_CACHED_BYTES", normally: "67108864", meaning: "`store.maxCachedBytes`, of the file store: values that stay in memory" }, " of bytes", 0, 2 ** 34),
  minFreeDiskBytes: wholeVariable({ name: "MIN_FREE_DISK_BYTES", normally: "67108864", meaning: "`store.minFreeDiskBytes`, of the file store: with less disk free, changes are refused" }, " of bytes", 0, Number.MAX_SAFE_INTEGER),
  auditRetentionSeconds: wholeVariable({ name: "AUDIT_RETENTION_SECONDS", normally: "7776000", meaning: "`actions.auditRetentionSeconds`: for how long the trail keeps an entry" }, " of seconds", 1, CENTURY_SECONDS),
};

function checkOrigins(name: string, origins: readonly string[]): void {
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong !== undefined) throw new TypeError(`${name}: ${JSON.stringify(wrong)} is no origin; write it as a browser does, such as "https://console.example.com"`);
}
