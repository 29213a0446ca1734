import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ClientRegistry } from "../adapters/oauth/index.ts";
import { ABSENT } from "../domain/ports.ts";
import type { RecordStore } from "../domain/ports.ts";

/** The app clients that are made at the first start: by name, the permissions. */
export type FirstClients = Readonly<Record<string, readonly string[]>>;

/** What {@link createFirstClients} needs. */
export interface FirstClientsOptions {
  readonly clients: FirstClients;
  readonly registry: ClientRegistry;
  readonly store: RecordStore;
  /** The file for their IDs and secrets. */
  readonly path: string;
}

/** What the file holds of each client. */
interface Credentials {
  readonly client_id: string;
  readonly client_secret: string | undefined;
  readonly permissions: readonly string[];
}

/** Stands for "the clients were made, and their secrets were handed over". */
const MARK = { collection: "actionport.loaded", id: "first-clients" } as const;

/**
 * Makes the app clients of a new store and writes their secrets to a file that only its owner can
 * read (0600); nobody will ever learn them otherwise. Answers whether the file is there: whoever has taken
 * the secrets out of it may delete it, and no new ones are made.
 */
export async function createFirstClients(options: FirstClientsOptions): Promise<boolean> {
  const { store, registry, path } = options;
  const [mark] = await store.read(MARK.collection, [MARK.id]);
  if (mark !== undefined) return existsSync(path);
  await deleteHalfMade(options);
  const clients: Record<string, Credentials> = {};
  for (const [name, permissions] of Object.entries(options.clients)) {
    const { client_id, client_secret } = await registry.create({ name, permissions });
    clients[name] = { client_id, client_secret, permissions };
  }
  writePrivately(path, `${JSON.stringify({ clients }, null, 2)}\n`);
  await store.commit([{ kind: "put", ...MARK, basedOn: ABSENT, value: { clients: Object.keys(clients) } }]);
  await store.durable();
  return true;
}

/** A first start that was cut off has left clients whose secrets nobody has. */
async function deleteHalfMade({ clients, registry }: FirstClientsOptions): Promise<void> {
  for (const { client_id, name } of await registry.list()) {
    if (Object.hasOwn(clients, name)) await registry.delete(client_id);
  }
}

/** Written aside and renamed: a reader finds the whole file or none. */
function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, text, { mode: 0o600, flag: "wx", flush: true });
  renameSync(aside, path);
}
