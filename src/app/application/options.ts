import type { CorsOptions, OpenApiOptions } from "../../adapters/rest/index.ts";
import { checkWhole, requireFunction, requireOptions, type Names } from "../../domain/check-option.ts";
import type { FirstCall } from "../invitation.ts";
import { checkValues } from "./check-values.ts";
import type { ActionsSettings, Application, FileStoreSettings, OAuthSettings, RestSettings, ServerSettings, SignalSettings, MetricsSettings, WorkflowSettings } from "./application.ts";

export const APPLICATION: Names<Application> = {
  catalog: true, name: true, initialRecords: true, clients: true, publicClients: true, users: true, permissions: true, server: true, rest: true, oauth: true, actions: true,
  store: true, workflows: true, openapi: true, routes: true, readiness: true, metrics: true, observe: true, signals: true, firstCall: true,
};

const SERVER: Names<ServerSettings> = {
  host: true, port: true, trustedProxies: true, maxHeaderBytes: true, maxHeaderCount: true, maxInFlight: true, maxInFlightPerIdentity: true, maxRequestsPerSocket: true, maxConnections: true,
  maxConnectionsPerAddress: true, maxIdleConnections: true, maxIdleConnectionsPerAddress: true, maxUnfinishedBodies: true, maxUnfinishedBodiesPerAddress: true,
  maxUnfinishedBytes: true, maxStreams: true, maxStreamsPerAddress: true, headersTimeoutMs: true, requestTimeoutMs: true, writeTimeoutMs: true, keepAliveTimeoutMs: true,
  connectionsCheckingIntervalMs: true, drainTimeoutMs: true,
};

const REST: Names<RestSettings> = { cors: true, maxBodyBytes: true, maxStreamsPerIdentity: true, realm: true, problemTypeBase: true };

const OAUTH: Names<OAuthSettings> = {
  issuer: true, resource: true, signingKeys: true, randomBytes: true, accessTokenSeconds: true, cors: true, passwordCost: true, name: true, refreshIdleSeconds: true,
  refreshFamilySeconds: true, sessionSeconds: true, issuers: true, fetch: true, maxCachedTokens: true, pages: true,
};

const ACTIONS: Names<ActionsSettings> = {
  handlerTimeoutMs: true, turnTimeoutMs: true, idempotencyRetentionSeconds: true, auditRetentionSeconds: true, refusalRetentionSeconds: true, maxRefusalsPerHour: true,
  maxRememberedBytes: true, maxRunBytes: true, maxBulkIds: true, maxAsyncBulkIds: true, bulkConcurrency: true, sliceMs: true, bulkTurnTimeoutMs: true, maxBulkIdsUnderWay: true,
};

const STORE: Names<FileStoreSettings> = { maxLogMultiple: true, minLogBytes: true, maxCachedBytes: true, maxHeapBytes: true, minFreeDiskBytes: true };

const WORKFLOWS: Names<WorkflowSettings> = { retentionSeconds: true, leaseMs: true, stepTimeoutMs: true, stopTimeoutMs: true, lookEveryMs: true, exclusive: true };

const OPENAPI: Names<OpenApiOptions> = { title: true, version: true, description: true, contact: true, license: true, servers: true, tokenUrl: true, authorizationUrl: true, scopes: true };

const CORS: Names<CorsOptions> = { origins: true, requestHeaders: true, maxAgeSeconds: true };
const METRICS: Names<MetricsSettings> = { port: true, token: true, gauges: true };
const SIGNALS: Names<SignalSettings> = { deadlineMs: true, delayMs: true };
const FIRST_CALL: Names<FirstCall> = { client: true, key: true, subject: true, params: true };

/** The groups of options, each with those that it has; beyond these a group may be something else, such as a function. docs/your-own-application.md has them all. */
export const GROUPS: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  server: SERVER, rest: REST, oauth: OAUTH, actions: ACTIONS, store: STORE, workflows: WORKFLOWS, openapi: OPENAPI, metrics: METRICS, signals: SIGNALS, firstCall: FIRST_CALL,
};

/** @throws TypeError for an unknown option, with the names of the known ones, and for a group of options that is not an object. */
export function checkApplication(application: Application): void {
  requireOptions("the application", application, APPLICATION);
  if (application.catalog === undefined) throw new TypeError("catalog is missing: give what createCatalog({ … }) answers, or a function that answers it");
  for (const [name, known] of Object.entries(GROUPS)) {
    const group: unknown = Reflect.get(application, name);
    if (group !== undefined && !isSomethingElse(name, group)) requireOptions(name, group, known);
  }
  for (const [name, cors] of [["rest.cors", application.rest?.cors], ["oauth.cors", application.oauth?.cors]] as const) {
    if (cors !== undefined) requireOptions(name, cors, CORS);
    if (cors !== undefined && !Array.isArray(cors.origins)) throw new TypeError(`${name}.origins must be a list of origins, such as ["https://console.example"]`);
  }
  checkValues(application);
  checkFirstCall(application);
  checkReadiness(application);
}

/** A store or an engine of one's own, or no signals at all. */
function isSomethingElse(name: string, group: unknown): boolean {
  if (name === "store") return typeof group === "function" || (typeof group === "object" && group !== null && "read" in group);
  return name === "workflows" ? typeof group === "function" : name === "signals" && group === false;
}

const OWN_PARTS: readonly string[] = ["server", "store", "workflows"];

function checkReadiness({ readiness = {}, signals }: Application): void {
  for (const [part, check] of Object.entries(readiness)) {
    requireFunction(`readiness.${part}`, check, "it answers whether that part is ready");
    if (OWN_PARTS.includes(part)) throw new TypeError(`readiness: ${part} is asked already; name another part`);
  }
  if (signals !== undefined && signals !== false && signals.delayMs !== undefined) checkWhole("signals.delayMs", signals.delayMs, 3_600_000, 0);
}

function checkFirstCall({ firstCall, clients = {} }: Application): void {
  if (firstCall === undefined || Object.hasOwn(clients, firstCall.client)) return;
  throw new TypeError(`firstCall.client is ${JSON.stringify(firstCall.client)}, which is not one of clients; name one of them`);
}
