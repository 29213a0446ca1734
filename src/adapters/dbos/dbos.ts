/**
 * What is used of DBOS Transact: the class `DBOS` of `@dbos-inc/dbos-sdk` 5, or anything that does the same. Register with it before it is
 * launched, and launch it before `actions.workflows.open()`.
 */
export interface Dbos {
  registerWorkflow(work: (schema: string, run: string) => Promise<void>, config: { readonly name: string; readonly maxRecoveryAttempts: number }): unknown;
  registerQueue(name: string, options: { readonly minPollingIntervalMs: number; readonly onConflict: "never_update" }): Promise<unknown>;
  runStep<T>(work: () => Promise<T>, config: { readonly name: string }): Promise<T>;
  /** Null when the time is over before a message came. */
  recv(topic: string, options: { readonly timeoutSeconds: number }): Promise<unknown>;
  isInitialized(): boolean;
}

/** The name of the one workflow that is registered with DBOS, of its queue, and of the topic that its messages have. */
export const DBOS_WORKFLOW = "actionport.run";
export const DBOS_QUEUE = "actionport";
export const WAKE = "actionport.wake";
