import { createHash } from "node:crypto";
import type { DiagnosticsTracing } from "../../adapters/diagnostics/index.ts";
import { embeddedWorkflows } from "../../adapters/embedded-workflows/index.ts";
import { createIdentityOf } from "../../adapters/oauth/index.ts";
import { createActions } from "../../domain/actions.ts";
import type { Actions } from "../../domain/actions.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { Clock, NewId, Observe, RecordStore, Timer } from "../../domain/ports.ts";
import type { Application, ApplicationPlace } from "../application/application.ts";

/** What everything that runs is made with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly timer: Timer;
  readonly observe: Observe;
  readonly tracing: DiagnosticsTracing;
}

/** The actions of an application on its store. */
export async function openActions(application: Application, place: ApplicationPlace, store: RecordStore, surroundings: Surroundings): Promise<Actions> {
  const { actions, workflows, firstCall } = application;
  const catalog = typeof application.catalog === "function" ? await application.catalog(place) : application.catalog;
  if (firstCall !== undefined) requireAction(catalog, firstCall.key);
  const engine = typeof workflows === "function" ? workflows : embeddedWorkflows({ ...workflows, timer: surroundings.timer, random: Math.random });
  return createActions({
    ...actions, ...surroundings, catalog, store, digest,
    newAbortController: () => new AbortController(),
    workflows: { engine, identityOf: createIdentityOf(store) },
  });
}

function requireAction({ find, actions: [first] }: Catalog, key: string): void {
  if (find(key) !== undefined) return;
  throw new TypeError(`firstCall.key is ${JSON.stringify(key)}, which is no action of the catalog${first === undefined ? "" : `; name one of its keys, such as ${JSON.stringify(first.key)}`}`);
}

/** SHA-256, as hexadecimal digits. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
