import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createTracing } from "../adapters/diagnostics/index.ts";
import { createNodeTimer } from "../adapters/node-timer/index.ts";
import type { AuthorizationServer } from "../adapters/oauth/index.ts";
import type { Actions } from "../domain/actions.ts";
import type { Observe } from "../domain/ports.ts";
import { shieldObserver } from "../domain/observation/shield-observer.ts";
import { tellFailure } from "../domain/observation/tell-failure.ts";
import { startAdminChannel } from "./admin/admin-channel.ts";
import type { Application, MetricsSettings } from "./application/application.ts";
import { chooseName } from "./application/name.ts";
import { checkApplication } from "./application/options.ts";
import { withEnvironment } from "./application/with-environment.ts";
import { readEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { createFirstCredentials } from "./first-credentials.ts";
import { createHealthHandlers } from "./health/health-handlers.ts";
import { createReadiness } from "./health/readiness.ts";
import { checkStore } from "./health/store-readiness.ts";
import { loadInitialRecords } from "./initial-records.ts";
import { openActions } from "./serving/open-actions.ts";
import { openMetrics } from "./serving/open-metrics.ts";
import { openKeys } from "./serving/open-keys.ts";
import { openStore } from "./serving/open-store.ts";
import { serve } from "./serving/serve.ts";
import type { Variables } from "./variables/variable.ts";

/** An application that is being served. */
export interface RunningApplication {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** Where the secrets and passwords are; null when there are none, or somebody has taken the file away. */
  readonly credentialsPath: string | null;
  /** Where figures have an address of their own: `http://127.0.0.1:9464/metrics`. */
  readonly metricsUrl: string | null;
  readonly actions: Actions;
  /** Clients, users, roles, and tokens for them. */
  readonly authorization: AuthorizationServer;
  /** Answers what runs, then closes the store. Rejects only with what a store of your own throws as it is closed. */
  stop(): Promise<void>;
}

/**
 * Starts an application inside this process, for tests and for a process with more than one job: it takes these variables and none of the process, writes
 * no log, prints nothing, and leaves signals alone. {@link Application.observe} is told what happens; without it unforeseen failures go to stderr.
 *
 * @throws TypeError that names a wrong option or variable, and rejects with what else keeps it from starting.
 */
export async function startApplication(application: Application, variables: Variables = {}): Promise<RunningApplication> {
  const prepared = prepare(application, variables);
  return start(prepared, application.observe ?? tellFailure);
}

/** An application that is checked, and what its operator says laid over what it says itself. */
export interface Prepared {
  readonly name: string;
  readonly application: Application;
  readonly environment: Environment;
}

/** Checks what is said, before anything is done. */
export function prepare(given: Application, variables: Variables): Prepared {
  checkApplication(given);
  const name = chooseName(given.name, process.cwd());
  const { server, oauth } = given;
  const environment = readEnvironment(variables, { dataDirectory: `.data/${name}`, host: server?.host, port: server?.port, issuer: oauth?.issuer });
  return { name, environment, application: withEnvironment(given, environment) };
}

const clock = Date.now;
const timer = createNodeTimer({ clock });
const tracing = createTracing();

/**
 * Starts an application: its store, its keys, both handlers, the server. What was started is stopped again when the rest fails. `leave` lets readiness
 * say that it is about to stop.
 */
export async function start({ application, name, environment }: Prepared, told: Observe): Promise<RunningApplication & { leave(): void }> {
  const tell = shieldObserver(told);
  const { dataDirectory, host } = environment;
  const started: (() => Promise<void>)[] = [];
  const state = { isOpen: false, isLeaving: false, isStoreClosed: false };
  const leave = () => void (state.isLeaving = true);
  const stop = async () => {
    leave();
    for (let undo = started.pop(); undo !== undefined; undo = started.pop()) await undo();
  };
  try {
    const place = { host, storeDirectory: hasFileStore(application) ? join(dataDirectory, "store") : null };
    const metrics = await openMetrics(chooseMetrics(application, environment), place, { clock, newId: randomUUID, timer, observe: tell });
    started.push(metrics.close);
    const observe = tellCutOff(metrics.observe, () => state.isStoreClosed);
    const surroundings = { clock, newId: randomUUID, timer, observe, tracing };
    const opened = await openStore(application.store, { name, dataDirectory, clock, observe });
    const { store } = opened;
    started.push(() => {
      state.isStoreClosed = true;
      return opened.close();
    });
    await loadInitialRecords(store, application.initialRecords ?? (() => []));
    const actions = await openActions(application, { name, dataDirectory }, store, surroundings);
    const keys = openKeys(environment, application.oauth?.signingKeys, clock);
    const checks = { server: () => !state.isLeaving, store: checkStore(store), workflows: () => state.isOpen, ...application.readiness };
    const health = createHealthHandlers({ askReadiness: createReadiness({ checks, ...surroundings }), ...surroundings });
    const { server, authorization } = await serve({ name, application, environment, actions, store, keys: keys.ring, metrics: metrics.handler, health, surroundings });
    // Together: a client that follows a workflow keeps the server waiting until there is nothing more to follow.
    started.push(async () => void (await Promise.all([actions.workflows.close(), server.close()])));
    const channel = await startAdminChannel({ directory: dataDirectory, administration: { authorization, keys: keys.file }, ...surroundings });
    started.push(() => channel.close());
    await actions.workflows.open();
    state.isOpen = true;
    const path = join(dataDirectory, "credentials.json");
    const there = await createFirstCredentials({ identities: application, authorization, store, clock, path });
    return { url: server.url, credentialsPath: there ? path : null, metricsUrl: metrics.url, actions, authorization, leave, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whatever still asks the store when it was closed works for a client that is gone, or for nobody any more: that is no fault of the store. */
function tellCutOff(observe: Observe, isStoreClosed: () => boolean): Observe {
  return (observation) => {
    if (observation.event !== "store_unavailable" || !isStoreClosed()) return observe(observation);
    const { error: _, ...about } = observation;
    observe({ ...about, event: "cut_off" });
  };
}

function chooseMetrics({ metrics = {} }: Application, { metricsPort, metricsToken }: Environment): MetricsSettings {
  return { ...metrics, port: metricsPort ?? metrics.port, token: metricsToken ?? metrics.token };
}

/** Is it in the data directory, and no store of the application's own? */
function hasFileStore({ store }: Application): boolean {
  return store === undefined || (typeof store === "object" && !("read" in store));
}
