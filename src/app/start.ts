import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { openFileStore } from "../adapters/file/index.ts";
import type { FileStoreOptions } from "../adapters/file/index.ts";
import { createFixedKeyRing, openKeyFile, parseSigningKeys } from "../adapters/jwt/index.ts";
import type { KeyFile, KeyRing } from "../adapters/jwt/index.ts";
import { createNodeTimer } from "../adapters/node-timer/index.ts";
import { startServer } from "../adapters/node-http/index.ts";
import type { RunningServer, ServerAddress, ServerLimits } from "../adapters/node-http/index.ts";
import { createAuthorizationServer, createIdentityOf } from "../adapters/oauth/index.ts";
import type { AuthorizationServer } from "../adapters/oauth/index.ts";
import { createRest } from "../adapters/rest/index.ts";
import type { OpenApiOptions, RestOptions } from "../adapters/rest/index.ts";
import { createActions } from "../domain/actions.ts";
import type { Actions, ActionsOptions } from "../domain/actions.ts";
import type { Catalog } from "../domain/catalog/catalog.ts";
import type { Observe, RecordStore } from "../domain/ports.ts";
import { embeddedWorkflows, type EmbeddedOptions } from "../adapters/embedded-workflows/index.ts";
import { startAdminChannel } from "./admin/admin-channel.ts";
import { chooseIssuer } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { createFirstCredentials } from "./first-credentials.ts";
import type { FirstIdentities } from "./first-credentials.ts";
import { loadInitialRecords } from "./initial-records.ts";
import type { InitialRecords } from "./initial-records.ts";
import type { FirstCall } from "./invitation.ts";
import { routeByPath } from "./path-router.ts";

/** What makes one application different from another; the server around it is the same. */
export interface Application extends FirstIdentities {
  /** Lower-case, for the default of `DATA_DIR`: `.data/<name>`. */
  readonly name: string;
  /** Or how to make it, for one that needs to know where the data is. */
  readonly catalog: Catalog | ((environment: Environment) => Catalog);
  /** Asked for once, when the store is new. Default: none. */
  readonly initialRecords?: () => readonly InitialRecords[];
  /** What users are asked to consent to: each permission in a person's words. Default: none are named. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Proxies whose X-Forwarded-For is believed, unless `TRUSTED_PROXIES` names others: addresses, or networks such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** What the server may cost at most. Default: as {@link ServerLimits} and {@link RestOptions} say. */
  readonly limits?: Partial<ServerLimits> & Pick<RestOptions, "maxStreamsPerIdentity">;
  /** What calls may cost and leave behind, and for how long. Default: as {@link ActionsOptions} says. */
  readonly actionLimits?: Omit<ActionsOptions, "catalog" | "store" | "clock" | "timer" | "newId" | "newAbortController" | "digest" | "observe" | "workflows">;
  /** How long steps may take, and ended runs are kept. Default: as {@link EmbeddedOptions} says. */
  readonly workflowLimits?: Omit<EmbeddedOptions, "timer" | "random" | "exclusive">;
  /** What the store may take. Default: as {@link FileStoreOptions} says. */
  readonly storeLimits?: Omit<FileStoreOptions, "directory" | "clock" | "observe">;
  /** What the OpenAPI document says beside what the server knows of itself: its URL, its token endpoint, the permissions. */
  readonly openapi?: OpenApiOptions;
  /** What whoever starts the server is invited to try. */
  readonly firstCall: FirstCall;
}

/** An application that is being served. */
export interface RunningApplication {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** Where the secrets and passwords are; null when somebody has taken the file away. */
  readonly credentialsPath: string | null;
  /** Answers what runs, then closes the store. Never rejects. */
  stop(): Promise<void>;
}

const clock = Date.now;
const newId = randomUUID;
const timer = createNodeTimer({ clock });

/** Starts an application: its store, its keys, both handlers, the server. What was started is stopped again when the rest fails. */
export async function startApplication(application: Application, environment: Environment, observe: Observe): Promise<RunningApplication> {
  const { dataDirectory } = environment;
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let undo = started.pop(); undo !== undefined; undo = started.pop()) await undo();
  };
  try {
    const store = await openFileStore({ ...application.storeLimits, directory: join(dataDirectory, "store"), clock, observe });
    started.push(() => store.close());
    await loadInitialRecords(store, application.initialRecords ?? (() => []));
    const actions = openActions(application, environment, store, observe);
    const keys = openKeys(environment);
    const { server, authorization } = await serve({ application, actions, store, keys }, environment, observe);
    // Together: a client that follows a workflow keeps the server waiting until there is nothing more to follow.
    started.push(async () => void (await Promise.all([actions.workflows.close(), server.close()])));
    const administration = { authorization, keys: keys.file };
    const channel = await startAdminChannel({ directory: dataDirectory, administration, clock, newId, observe });
    started.push(() => channel.close());
    await actions.workflows.open();
    const path = join(dataDirectory, "credentials.json");
    const there = await createFirstCredentials({ identities: application, authorization, store, path });
    return { url: server.url, credentialsPath: there ? path : null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** SHA-256, as hexadecimal digits. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function openActions({ catalog, actionLimits, workflowLimits }: Application, environment: Environment, store: RecordStore, observe: Observe): Actions {
  const workflows = { engine: embeddedWorkflows({ ...workflowLimits, timer, random: Math.random }), identityOf: createIdentityOf(store) };
  const made = typeof catalog === "function" ? catalog(environment) : catalog;
  const newAbortController = () => new AbortController();
  return createActions({ ...actionLimits, catalog: made, store, clock, timer, newAbortController, newId, digest, observe, workflows });
}

interface Served {
  readonly server: RunningServer;
  readonly authorization: AuthorizationServer;
}

/** The parts that both handlers share. */
interface Parts {
  readonly application: Application;
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly keys: Keys;
}

/** Tokens name their issuer, and so the port that was taken: the handlers are made once that is known. */
async function serve({ application, actions, store, keys }: Parts, environment: Environment, observe: Observe): Promise<Served> {
  const made: { authorization?: AuthorizationServer } = {};
  const { name, permissions: scopes = {}, limits = {}, openapi } = application;
  const { host, port, trustedProxies = application.trustedProxies ?? [] } = environment;
  const problemTypeBase = (address: ServerAddress) => `${chooseIssuer(environment, address)}/api/v1/openapi.json#`;
  const createHandler = (address: ServerAddress) => {
    const issuer = chooseIssuer(environment, address);
    const resource = `${issuer}/api/v1`;
    const authorization = createAuthorizationServer({ store, issuer, resource, signingKeys: keys.ring, name: toTitle(name), scopes, clock, newId, observe });
    made.authorization = authorization;
    const { authenticate, resourceMetadataUrl } = authorization;
    const description = { title: toTitle(name), servers: [{ url: issuer }], tokenUrl: `${issuer}/oauth/token`, authorizationUrl: `${issuer}/oauth/authorize`, scopes, ...openapi };
    const api = createRest({ ...limits, actions, authenticate, resourceMetadataUrl, openapi: description, problemTypeBase: problemTypeBase(address), timer, clock, newId, observe });
    return routeByPath({ authorization: authorization.handler, api });
  };
  const server = await startServer({ ...limits, createHandler, problemTypeBase, host, port, trustedProxies, clock, newId, observe });
  if (made.authorization === undefined) throw new Error("the server listens without its handler");
  return { server, authorization: made.authorization };
}

interface Keys {
  readonly ring: KeyRing;
  /** Undefined when the keys come from `ACTIONPORT_SIGNING_KEY`. */
  readonly file: KeyFile | undefined;
}

function openKeys({ dataDirectory, signingKey }: Environment): Keys {
  if (signingKey !== undefined) return { ring: createFixedKeyRing(parseSigningKeys(signingKey, "ACTIONPORT_SIGNING_KEY")), file: undefined };
  const file = openKeyFile({ path: join(dataDirectory, "keys.json"), clock });
  return { ring: file, file };
}

function toTitle(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
