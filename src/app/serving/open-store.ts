import { join } from "node:path";
import { openFileStore } from "../../adapters/file/index.ts";
import { requireMethods } from "../../domain/check-option.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { ReadyStore } from "../health/store-readiness.ts";
import { makeDirectory } from "../make-directory.ts";
import type { Application, FileStoreSettings, OpenStoreParts } from "../application/application.ts";

/** A store that is open, and who closes it. */
export interface OpenedStore {
  readonly store: ReadyStore;
  /** Closes what was opened here, and leaves alone what was not. */
  close(): Promise<void>;
}

const METHODS = ["read", "list", "commit", "trail", "durable"] as const;
const REMEDY = "give a RecordStore, such as createMemoryStore({ clock }), or a function that opens one, or options of the file store";

/** Opens the store of an application, in its data directory unless it is one of its own. */
export async function openStore(given: Application["store"], parts: OpenStoreParts): Promise<OpenedStore> {
  makeDirectory(parts.dataDirectory, 0o700);
  if (typeof given === "function") {
    const store = await given(parts);
    requireMethods("what store answers", store, METHODS, REMEDY);
    return { store, close: async () => await closeOf(store)() };
  }
  if (given !== undefined && "read" in given) {
    requireMethods("store", given, METHODS, REMEDY);
    return { store: given, close: async () => undefined };
  }
  return openOwnDirectory(given, parts);
}

async function openOwnDirectory(settings: FileStoreSettings | undefined, { dataDirectory, clock, observe }: OpenStoreParts): Promise<OpenedStore> {
  const store = await openFileStore({ ...settings, directory: join(dataDirectory, "store"), clock, observe });
  return { store, close: () => store.close() };
}

function closeOf(store: ReadyStore & { close?(): MaybePromise<void> }): () => MaybePromise<void> {
  return () => store.close?.();
}
