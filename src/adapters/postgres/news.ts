import type { Change, Observe } from "../../domain/ports.ts";
import { toStoreError } from "./failures.ts";
import type { Listen } from "./query.ts";

/** Options of {@link News}. */
export interface NewsPorts {
  readonly channel: string;
  /** Undefined: nobody is told, and nothing is sent. */
  readonly listen: Listen | undefined;
  readonly notify: (payload: string) => Promise<void>;
  readonly observe: Observe;
}

type Watcher = (collections: readonly string[] | null) => void;

/** Commits within so long are told of together. */
const GATHER_MS = 20;
/** A notification takes 8,000 bytes; more names than that and it says that anything may have changed. */
const MAX_PAYLOAD_BYTES = 7_900;
const ANYTHING = "*";
/** What entries of the trail are told of as. */
const TRAIL_NEWS = "trail";

/**
 * Tells other processes of commits by NOTIFY. That is sent behind the commit and not in it, since transactions with a NOTIFY
 * end one by one; a process that dies between the two makes others wait longer, no more.
 */
export class News {
  readonly #ports: NewsPorts;
  readonly #watchers = new Set<Watcher>();
  readonly #changed = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;
  #stop: (() => void | Promise<void>) | undefined;

  constructor(ports: NewsPorts) {
    this.#ports = ports;
  }

  async listen(): Promise<void> {
    const { listen, channel } = this.#ports;
    if (listen !== undefined && this.#stop === undefined) this.#stop = await listen(channel, (payload) => this.#hear(payload));
  }

  watch(changed: Watcher): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Tells of a commit, soon. */
  tell(changes: readonly Change[], addsEntries: boolean): void {
    if (this.#ports.listen === undefined) return;
    for (const { kind, collection } of changes) if (kind !== "check") this.#changed.add(collection);
    if (addsEntries) this.#changed.add(TRAIL_NEWS);
    if (this.#changed.size > 0) this.#gathering ??= setTimeout(() => void this.#send(), GATHER_MS).unref();
  }

  async #send(): Promise<void> {
    const names = JSON.stringify([...this.#changed]);
    this.#changed.clear();
    try {
      await this.#ports.notify(Buffer.byteLength(names) > MAX_PAYLOAD_BYTES ? ANYTHING : names);
    } catch (error) {
      this.#ports.observe({ event: "store_notify_failed", error: toStoreError(error) });
    }
    this.#gathering = undefined;
    if (this.#changed.size > 0) this.tell([], false);
  }

  #hear(payload: string | null): void {
    const collections = payload === null ? null : parseNames(payload);
    for (const changed of this.#watchers) changed(collections);
  }

  async close(): Promise<void> {
    clearTimeout(this.#gathering);
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }
}

/** Null when it may be anything. Others may send on this channel too. */
function parseNames(payload: string): readonly string[] | null {
  try {
    const names: unknown = JSON.parse(payload);
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : null;
  } catch {
    return null;
  }
}
