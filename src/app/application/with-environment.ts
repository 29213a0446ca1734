import type { Environment } from "../environment.ts";
import type { Application } from "./application.ts";

/** The application with what its operator says by variables laid over its own options. */
export function withEnvironment(application: Application, environment: Environment): Application {
  const { host, port, trustedProxies, corsOrigins, maxBodyBytes, maxInFlight, maxConnections, drainTimeoutMs, drainDelayMs, auditRetentionSeconds } = environment;
  const { server, rest, oauth, actions, signals } = application;
  const cors = corsOrigins === undefined ? undefined : { ...rest?.cors, origins: corsOrigins };
  return {
    ...application,
    ...layStore(application, environment),
    server: { ...server, host, port, ...onlySet({ trustedProxies, maxInFlight, maxConnections, drainTimeoutMs }) },
    rest: { ...rest, ...onlySet({ maxBodyBytes, cors }) },
    // Unless it has its own, the authorization server has those of the API.
    ...(corsOrigins === undefined || oauth?.cors === undefined ? {} : { oauth: { ...oauth, cors: { ...oauth.cors, origins: corsOrigins } } }),
    ...(signals === false ? {} : { signals: { ...signals, ...onlySet({ delayMs: drainDelayMs }) } }),
    actions: { ...actions, ...onlySet({ auditRetentionSeconds }) },
  };
}

/** What is said of the file store is nothing to a store of the application's own. */
function layStore({ store }: Application, { maxHeapBytes, maxCachedBytes, minFreeDiskBytes }: Environment): Pick<Application, "store"> {
  if (typeof store === "function" || (store !== undefined && "read" in store)) return { store };
  return { store: { ...store, ...onlySet({ maxHeapBytes, maxCachedBytes, minFreeDiskBytes }) } };
}

/** The options that are set. */
function onlySet<T extends object>(options: T): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  // A cast, since filtering entries loses their types, and the names stay those of T.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };
}
