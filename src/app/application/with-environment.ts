import type { Environment } from "../environment.ts";
import type { Application } from "./application.ts";

/** The application with what its operator says by variables laid over its own options. */
export function withEnvironment(application: Application, environment: Environment): Application {
  const { host, port, trustedProxies, corsOrigins, maxBodyBytes, maxInFlight, maxConnections, drainTimeoutMs, drainDelayMs, auditRetentionSeconds } = environment;
  const { server, rest, actions, signals } = application;
  const cors = corsOrigins === undefined ? undefined : { ...rest?.cors, origins: corsOrigins };
  return {
    ...application,
    ...layStore(application, environment),
    server: { ...server, host, port, ...leaveOut({ trustedProxies, maxInFlight, maxConnections, drainTimeoutMs }) },
    rest: { ...rest, ...leaveOut({ maxBodyBytes, cors }) },
    ...(signals === false ? {} : { signals: { ...signals, ...leaveOut({ delayMs: drainDelayMs }) } }),
    actions: { ...actions, ...leaveOut({ auditRetentionSeconds }) },
  };
}

/** What is said of the file store is nothing to a store of the application's own. */
function layStore({ store }: Application, { maxHeapBytes, maxCachedBytes, minFreeDiskBytes }: Environment): Pick<Application, "store"> {
  if (typeof store === "function" || (store !== undefined && "read" in store)) return { store };
  return { store: { ...store, ...leaveOut({ maxHeapBytes, maxCachedBytes, minFreeDiskBytes }) } };
}

/** The options that are set. */
function leaveOut<T extends object>(options: T): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  // A cast, since filtering entries loses their types, and the names stay those of T.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };
}
