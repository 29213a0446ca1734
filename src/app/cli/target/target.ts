import type { CallOptions, Client, UnknownEntry } from "../../../adapters/client/index.ts";

/** Whose actions are called: a server's, or those of an application in this process. */
export interface Target {
  readonly client: Client<Record<string, UnknownEntry>>;
  /** Answers what stands behind `/api/v1/` and the client has no method for. */
  read<T>(path: string, options?: CallOptions): Promise<T>;
  /** For people: a URL, or a file. */
  readonly place: string;
  /** Who calls; tells the calls of one from those of another. Never a secret. */
  readonly caller: string;
  /** Is all that is changed gone at the end? */
  readonly isForgetful: boolean;
  /** Runs the workflows that wait; a server does that by itself. */
  openWorkflows(): Promise<void>;
  close(): Promise<void>;
}
