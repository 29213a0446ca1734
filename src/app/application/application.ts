import type { Gauge } from "../../adapters/diagnostics/index.ts";
import type { EmbeddedOptions } from "../../adapters/embedded-workflows/index.ts";
import type { FileStoreOptions } from "../../adapters/file/index.ts";
import type { HttpHandler } from "../../adapters/http/message.ts";
import type { ServerLimits, SignalOptions } from "../../adapters/node-http/index.ts";
import type { AuthorizationServer, AuthorizationServerOptions } from "../../adapters/oauth/index.ts";
import type { OpenApiOptions, RestOptions } from "../../adapters/rest/index.ts";
import type { Actions, ActionsOptions } from "../../domain/actions.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { Clock, Observe, RecordStore } from "../../domain/ports.ts";
import type { CreateWorkflowEngine } from "../../domain/workflow/host.ts";
import type { ReadinessCheck } from "../health/readiness.ts";
import type { ReadyStore } from "../health/store-readiness.ts";
import type { FirstIdentities } from "../first-credentials.ts";
import type { InitialRecords } from "../initial-records.ts";
import type { FirstCall } from "../invitation.ts";

/** What makes one application different from another; the server around it is the same. Only `catalog` is needed. */
export interface Application extends FirstIdentities {
  /** Or how to make it, for one that needs to know where the data is. */
  readonly catalog: Catalog | ((place: ApplicationPlace) => MaybePromise<Catalog>);
  /** Lower-case: for the default of `DATA_DIR`, which is `.data/<name>`, and for titles. Default: the name in the working directory's package.json, else `application`. */
  readonly name?: string;
  /** Asked for once, when the store is new. Default: none. */
  readonly initialRecords?: () => readonly InitialRecords[];
  /** What users are asked to consent to: each permission in a person's words. Default: none are named. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Where the server listens, which proxies it trusts, and what it may use at most. */
  readonly server?: ServerSettings;
  /** How the HTTP API behaves. */
  readonly rest?: RestSettings;
  /** How tokens are made and taken, and how its pages look. */
  readonly oauth?: OAuthSettings;
  /** What calls may cost and leave behind, and for how long. */
  readonly actions?: ActionsSettings;
  /**
   * Where everything is kept: options of the file store in `DATA_DIR`, or a store of your own, or how to open one. What is opened here is
   * closed here, if it has `close()`. Default: the file store.
   */
  readonly store?: FileStoreSettings | ReadyStore | OpenStore;
  /** Who runs the workflows: options of the engine that is built in, or another engine. Default: the built-in one. */
  readonly workflows?: WorkflowSettings | CreateWorkflowEngine;
  /** What the OpenAPI document says beside what the server knows of itself: its URL, its token endpoint, the permissions. */
  readonly openapi?: OpenApiOptions;
  /** Handlers of your own beside the API, by the path that each serves with all that is below it; `/` serves what nobody else does. Default: none. */
  readonly routes?: OwnRoutes | ((parts: RunningParts) => OwnRoutes);
  /** Where figures for Prometheus are read. Default: nowhere. */
  readonly metrics?: MetricsSettings;
  /** Further checks for `GET /readyz`, by the name of the part, such as `{ payments: () => true }`. Default: none. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Told of everything that happens, beside the log. Default: nobody is. */
  readonly observe?: Observe;
  /** How the process ends; false leaves its signals alone. Default: on SIGTERM and SIGINT it answers what runs, and ends with 0. */
  readonly signals?: SignalSettings | false;
  /** What whoever starts the server is invited to try. Default: to list the actions. */
  readonly firstCall?: FirstCall;
}

/** Where an application is, for whoever makes its catalog. */
export interface ApplicationPlace {
  readonly name: string;
  /** `DATA_DIR`, absolute. It is there. */
  readonly dataDirectory: string;
}

/** What runs, for whoever needs it beside the API. */
export interface RunningParts {
  readonly actions: Actions;
  readonly store: RecordStore;
  /** Clients, users, roles and tokens. */
  readonly authorization: AuthorizationServer;
}

/** Options of the server: {@link ServerLimits}, and where it listens. */
export interface ServerSettings extends Partial<ServerLimits> {
  /** Unless `HOST` names another. Default 127.0.0.1: nobody outside this machine. */
  readonly host?: string;
  /** Unless `PORT` names another: 0 to 65,535; 0 takes a free one. Default 3000. */
  readonly port?: number;
  /** Proxies whose X-Forwarded-For is believed, unless `TRUSTED_PROXIES` names others: addresses, or networks such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
}

/** Options of the HTTP API, as `createRest` has them. `problemTypeBase` is by default the issuer's `/api/v1/openapi.json#`. */
export type RestSettings = Pick<RestOptions, "cors" | "maxBodyBytes" | "maxStreamsPerIdentity" | "realm" | "problemTypeBase">;

/**
 * Options of the authorization server, as `createAuthorizationServer` has them. `issuer` is what `ACTIONPORT_ISSUER` says unless that is set; `cors` is by
 * default that of `rest`, `name` that of the application, `signingKeys` those in `DATA_DIR`.
 */
export type OAuthSettings = Partial<Omit<AuthorizationServerOptions, "store" | "clock" | "newId" | "observe" | "tracing" | "scopes">>;

/** Options of the actions, as `createActions` has them. */
export type ActionsSettings = Omit<ActionsOptions, "catalog" | "store" | "clock" | "timer" | "newId" | "newAbortController" | "digest" | "observe" | "tracing" | "workflows">;

/** Options of the file store, as `openFileStore` has them. */
export type FileStoreSettings = Omit<FileStoreOptions, "directory" | "clock" | "observe">;

/** Opens a store of your own, once, at the start. */
export type OpenStore = (parts: OpenStoreParts) => MaybePromise<ReadyStore & { close?(): MaybePromise<void> }>;

/** What there is to open a store with. */
export interface OpenStoreParts extends ApplicationPlace {
  readonly clock: Clock;
  readonly observe: Observe;
}

/** Options of the built-in engine, as `embeddedWorkflows` has them. */
export type WorkflowSettings = Omit<EmbeddedOptions, "timer" | "random">;

/** Where figures are read, at `/metrics`: with neither a port nor a token nowhere. */
export interface MetricsSettings {
  /** A port of their own, unless `METRICS_PORT` names another: 0 to 65,535; 0 takes a free one. It listens where the server does. */
  readonly port?: number | undefined;
  /** What readers send as `Authorization: Bearer …`, unless `METRICS_TOKEN` says another. Without a port the figures are then beside the API. */
  readonly token?: string | undefined;
  /** Figures of your own. Default: none. */
  readonly gauges?: readonly Gauge[];
}

/** Handlers by path: `{ "/hooks/payment": handler }`. */
export type OwnRoutes = Readonly<Record<string, HttpHandler>>;

/** How the process ends when it is told to. */
export interface SignalSettings extends Pick<SignalOptions, "deadlineMs"> {
  /** For how long it goes on as before once `GET /readyz` says 503, so that a load balancer looks elsewhere first. 0 to 3,600,000 ms; default 0. */
  readonly delayMs?: number;
}
