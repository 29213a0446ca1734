/** A server that listens on 127.0.0.1, and who may call it. */
export interface Started {
  readonly port: number;
  /** Bearer tokens, RS256, that may do the job. */
  readonly tokens: readonly string[];
  /** A good token of somebody who may not. */
  readonly powerless: string;
  /** Called when it is needed no more. */
  stop?(): Promise<void>;
}

export type StartServer = () => Promise<Started>;
