import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { AuthorizationServer } from "../adapters/oauth/index.ts";
import { ABSENT } from "../domain/ports.ts";
import type { Clock, RecordStore } from "../domain/ports.ts";

/** Who is there from the first start on; all by name. */
export interface FirstIdentities {
  /** App clients that act for themselves: the permissions of each. Default: none. */
  readonly clients?: Readonly<Record<string, readonly string[]>>;
  /** Apps that users sign in to and that keep no secret: where they may be sent back to. Default: none. */
  readonly publicClients?: Readonly<Record<string, readonly string[]>>;
  /** Users: the permissions of each. Default: none. */
  readonly users?: Readonly<Record<string, readonly string[]>>;
}

/** Options of {@link createFirstCredentials}. */
export interface FirstCredentialsOptions {
  readonly identities: FirstIdentities;
  readonly authorization: Pick<AuthorizationServer, "clients" | "users">;
  readonly store: RecordStore;
  readonly clock: Clock;
  /** The file for the secrets and passwords. */
  readonly path: string;
}

/** Stands for "the clients and users were made, and their secrets were handed over". */
const MARK = { collection: "actionport.loaded", id: "first-credentials" } as const;
/** Stands for "somebody is at it"; with it gone stale, that was cut off. */
const CLAIM = { collection: MARK.collection, id: "first-credentials-claim" } as const;
const CLAIM_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** 144 bits, which no one guesses: 24 characters of base64url. */
const PASSWORD_BYTES = 18;

/**
 * Makes the clients and users of a new store and writes their secrets to a file that only its owner
 * can read (0600); nobody will ever learn them otherwise. Answers whether the file is there: whoever has taken
 * the secrets out of it may delete it, and no new ones are made. Where nobody is named, nothing is made.
 */
export async function createFirstCredentials(options: FirstCredentialsOptions): Promise<boolean> {
  const { store, path, identities } = options;
  if (!isAnybodyNamed(identities)) return false;
  const claim = await claimMaking(options);
  if (claim === null) return existsSync(path);
  await deleteHalfMade(options);
  const clients = { ...(await createClients(options)), ...(await createPublicClients(options)) };
  const users = await createUsers(options);
  const credentials = identities.users === undefined ? { clients } : { clients, users };
  writePrivately(path, `${JSON.stringify(credentials, null, 2)}\n`);
  const mark = { kind: "put", ...MARK, basedOn: ABSENT, value: { clients: Object.keys(clients), users: Object.keys(users) } } as const;
  const done = await store.commit([mark, { kind: "delete", ...CLAIM, basedOn: claim }]);
  if (!done.committed) throw new Error("the first clients and users took too long to make: another process has begun as well; start again");
  await store.durable();
  return true;
}

/**
 * Null when all was made before; else the version of the claim, {@link ABSENT} on a store that no other process has. Of several processes that
 * start on a new store at once the first makes them, and the others wait until it has, or was cut off.
 */
async function claimMaking({ store, clock }: FirstCredentialsOptions): Promise<number | null> {
  for (;;) {
    const [mark, claimed] = await store.read(MARK.collection, [MARK.id, CLAIM.id]);
    if (mark !== undefined) return null;
    if (store.watch === undefined) return ABSENT;
    if (claimed === undefined) {
      const claim = await store.commit([{ kind: "put", ...CLAIM, basedOn: ABSENT, value: {}, expiresAt: clock() + CLAIM_MS }]);
      if (claim.committed) return claim.version;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function isAnybodyNamed({ clients = {}, publicClients = {}, users = {} }: FirstIdentities): boolean {
  return [clients, publicClients, users].some((named) => Object.keys(named).length > 0);
}

function createClients({ authorization, identities }: FirstCredentialsOptions): Promise<Record<string, object>> {
  return mapEntries(identities.clients ?? {}, async (name, permissions) => {
    const { client_id, client_secret } = await authorization.clients.create({ name, permissions });
    return { client_id, client_secret, permissions };
  });
}

function createPublicClients({ authorization, identities }: FirstCredentialsOptions): Promise<Record<string, object>> {
  return mapEntries(identities.publicClients ?? {}, async (name, redirect_uris) => {
    const { client_id } = await authorization.clients.create({ name, type: "public", redirect_uris });
    return { client_id, redirect_uris };
  });
}

/** The password of a user whom a cut-off start had made already is made again. */
function createUsers({ authorization, identities }: FirstCredentialsOptions): Promise<Record<string, object>> {
  return mapEntries(identities.users ?? {}, async (name, permissions) => {
    const password = randomBytes(PASSWORD_BYTES).toString("base64url");
    const there = await authorization.users.findByName(name);
    if (there === undefined) await authorization.users.create({ name, password, permissions });
    else await authorization.users.setPassword(there.user_id, password);
    return { password, permissions };
  });
}

/** A first start that was cut off has left clients whose secrets nobody has. */
async function deleteHalfMade({ identities, authorization }: FirstCredentialsOptions): Promise<void> {
  const names = new Set([...Object.keys(identities.clients ?? {}), ...Object.keys(identities.publicClients ?? {})]);
  for (const { client_id, name } of await authorization.clients.list()) {
    if (names.has(name)) await authorization.clients.delete(client_id);
  }
}

/** All at once: most of the time goes into hashing, which has threads of its own. */
async function mapEntries<T>(entries: Readonly<Record<string, T>>, make: (name: string, value: T) => Promise<object>): Promise<Record<string, object>> {
  return Object.fromEntries(await Promise.all(Object.entries(entries).map(async ([name, value]) => [name, await make(name, value)] as const)));
}

/** Written aside and renamed: a reader finds the whole file or none. */
function writePrivately(path: string, text: string): void {
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, text, { mode: 0o600, flag: "wx", flush: true });
  renameSync(aside, path);
}
