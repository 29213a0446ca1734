import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { createClient, type CallOptions } from "../../../adapters/client/index.ts";
import { createTracing } from "../../../adapters/diagnostics/index.ts";
import { toFetchHandler } from "../../../adapters/fetch/index.ts";
import { createMemoryStore } from "../../../adapters/memory/index.ts";
import { createNodeTimer } from "../../../adapters/node-timer/index.ts";
import { createRest } from "../../../adapters/rest/index.ts";
import type { Actions } from "../../../domain/actions.ts";
import { createIdentity } from "../../../domain/identity.ts";
import type { Observation } from "../../../domain/ports.ts";
import { chooseName } from "../../application/name.ts";
import { checkApplication } from "../../application/options.ts";
import { describeError, summarize } from "../../log/describe-error.ts";
import { loadInitialRecords } from "../../initial-records.ts";
import { openActions } from "../../serving/open-actions.ts";
import { openStore } from "../../serving/open-store.ts";
import { misused } from "../fault.ts";
import type { Session } from "../session.ts";
import { loadApplication } from "./load-application.ts";
import { createSender } from "./server.ts";
import type { Target } from "./target.ts";

/** Which application, on what data, for whom. */
export interface InProcessOptions {
  readonly app: string;
  /** Undefined: a store in memory. */
  readonly data: string | undefined;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Never looked up: the calls do not leave the process. */
const BASE_URL = "http://in-process.invalid";

/** An application, called through its own API: whatever a command says is what it would say of a server. */
export async function openInProcess(session: Session, { app, data, name, permissions }: InProcessOptions): Promise<Target> {
  const application = await loadApplication(app, session);
  checkApplication(application);
  const clock = Date.now;
  const place = { name: chooseName(application.name, session.directory), dataDirectory: data === undefined ? mkdtempSync(join(tmpdir(), "actionport-")) : resolve(session.directory, data) };
  const leave = () => (data === undefined ? rmSync(place.dataDirectory, { recursive: true, force: true }) : undefined);
  const surroundings = { clock, newId: randomUUID, timer: createNodeTimer({ clock }), observe: tellFailures(session), tracing: createTracing() };
  const store = createMemoryStore({ clock });
  const opened = data === undefined ? { store, close: async () => undefined } : await openStore(application.store, { ...place, clock, observe: surroundings.observe });
  try {
    await loadInitialRecords(opened.store, application.initialRecords ?? (() => []));
    const actions = await openActions(application, place, opened.store, surroundings);
    const identity = createIdentity({ kind: "user", id: name, permissions: readPermissions(permissions) });
    const rest = createRest({ ...surroundings, ...application.rest, actions: calledBy("cli", actions), authenticate: () => ({ authenticated: true, identity }), openapi: { title: place.name, ...application.openapi } });
    const answer = toFetchHandler(rest, { observe: surroundings.observe });
    const options = { baseUrl: BASE_URL, auth: "in-process", fetch: (...asked: Parameters<typeof fetch>) => answer(new Request(...asked)) };
    const sender = createSender(options);
    return {
      client: createClient(options),
      read: async <T>(path: string, given: CallOptions = {}) => (await sender.ask<T>({ path, repeatable: true }, given)).body,
      place: relative(session.directory, resolve(session.directory, app)),
      caller: data === undefined ? name : `${name} in ${place.dataDirectory}`,
      isForgetful: data === undefined,
      openWorkflows: () => actions.workflows.open(),
      async close() {
        await actions.workflows.close();
        await opened.close();
        leave();
      },
    };
  } catch (error) {
    await opened.close();
    leave();
    throw error;
  }
}

/** So that the trail tells a command from a call over the network. */
function calledBy(via: string, actions: Actions): Actions {
  return { ...actions, execute: (call) => actions.execute({ ...call, via }), bulk: (call) => actions.bulk({ ...call, via }) };
}

function readPermissions(given: readonly string[]): readonly string[] {
  const permissions = given.flatMap((each) => each.split(","));
  if (permissions.some((each) => each === "")) throw misused("--can must name a permission, such as --can manage_orders.");
  return permissions;
}

/** What goes wrong, with its cause: whoever types the command is the application's own author or operator. */
function tellFailures({ screen, variables }: Session): (observation: Observation) => void {
  return ({ event, error }) => {
    // Workflows are run once somebody waits for them, so that is no mistake here.
    if (error === undefined || event === "workflow_started_before_open") return;
    const described = describeError(error);
    const stack = (variables["ACTIONPORT_DEBUG"] ?? "") !== "" && typeof described !== "string" ? described.stack : undefined;
    screen.say(`${event}: ${stack ?? summarize(described)}`);
  };
}
