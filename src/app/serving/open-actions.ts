import { createHash } from "node:crypto";
import type { DiagnosticsTracing } from "../../adapters/diagnostics/index.ts";
import { embeddedWorkflows } from "../../adapters/embedded-workflows/index.ts";
import { createIdentityOf } from "../../adapters/oauth/index.ts";
import { createActions } from "../../domain/actions.ts";
import type { Actions } from "../../domain/actions.ts";
import type { Clock, NewId, Observe, Timer } from "../../domain/ports.ts";
import type { Application, ApplicationPlace } from "../application/application.ts";
import type { OpenedStore } from "./open-store.ts";

/** What everything that runs is made with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly timer: Timer;
  readonly observe: Observe;
  readonly tracing: DiagnosticsTracing;
}

/** The actions of an application on its store. */
export async function openActions(application: Application, place: ApplicationPlace, opened: OpenedStore, surroundings: Surroundings): Promise<Actions> {
  const { catalog, actions, workflows } = application;
  const { store, isExclusive } = opened;
  const engine = typeof workflows === "function" ? workflows : embeddedWorkflows({ exclusive: isExclusive, ...workflows, timer: surroundings.timer, random: Math.random });
  return createActions({
    ...actions, ...surroundings, store, digest,
    catalog: typeof catalog === "function" ? await catalog(place) : catalog,
    newAbortController: () => new AbortController(),
    workflows: { engine, identityOf: createIdentityOf(store) },
  });
}

/** SHA-256, as hexadecimal digits. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
