import type { Api, BulkArguments, CallArguments, EntryOf, Executed, ListedAction, ListQuery, Previewed, Replayable, Run, SubjectAnswer, SubjectData, UnknownEntry } from "./api.ts";
import { createTokens } from "./auth/tokens.ts";
import { CallFailure, type FailureOf, type GeneralFailure } from "./failure.ts";
import { withDefaults, type CallOptions, type ClientOptions } from "./options.ts";
import { createAudit, type Audit } from "./resources/audit.ts";
import { Bulk, bulkCall } from "./resources/bulk.ts";
import { execute, preview, readArguments } from "./resources/execution.ts";
import { Listing } from "./resources/listing.ts";
import { actionPath, segment } from "./resources/path.ts";
import { createWorkflowHandle, type WorkflowHandle } from "./resources/workflow.ts";
import { Sender } from "./sending/sender.ts";

/** Subjects of one class. */
export interface SubjectsOf<T> {
  /** By text in the title (`q`) and exact fields. */
  list(query?: ListQuery, options?: CallOptions): Listing<T>;
  get(id: string | number, options?: CallOptions): Promise<SubjectAnswer<T>>;
}

/** The API. Every method throws a {@link CallFailure} for what is no success. */
export interface Client<A extends Api> {
  /** Runs an action once, however often it must be sent. */
  execute<K extends keyof A & string>(key: K, ...args: CallArguments<EntryOf<A, K>>): Promise<Executed<EntryOf<A, K>>>;
  /** Says what running it would answer and change, and does nothing. */
  preview<K extends keyof A & string>(key: K, ...args: CallArguments<EntryOf<A, K>, CallOptions>): Promise<Previewed<EntryOf<A, K>>>;
  /** Runs an action on many subjects: to be awaited or iterated. */
  bulk<K extends keyof A & string>(key: K, ids: readonly NonNullable<EntryOf<A, K>["id"]>[], ...args: BulkArguments<EntryOf<A, K>>): Bulk<EntryOf<A, K>>;
  /** Has the server do that in a workflow, which outlives the call. */
  startBulk<K extends keyof A & string>(key: K, ids: readonly NonNullable<EntryOf<A, K>["id"]>[], ...args: BulkArguments<EntryOf<A, K>>): Promise<{ readonly workflow_id: string } & Replayable>;
  workflow(id: string): WorkflowHandle;
  workflows(query?: ListQuery, options?: CallOptions): Listing<Run>;
  subjects<T = SubjectData>(name: string): SubjectsOf<T>;
  readonly audit: Audit;
  readonly actions: {
    list(options?: CallOptions): Promise<readonly ListedAction[]>;
    /** One action in full, as the server says it. */
    schema(key: keyof A & string, options?: CallOptions): Promise<Readonly<Record<string, unknown>>>;
  };
  /** Is this a failure of a call? With a key: of a call of that action, so that its declared errors are known by their code. */
  isFailure(error: unknown): error is GeneralFailure;
  isFailure<K extends keyof A & string>(error: unknown, key: K): error is FailureOf<EntryOf<A, K>["errors"]>;
}

/**
 * A client of the API: `createClient<ApiOf<typeof catalog>>({ baseUrl, auth })`, where the catalog is imported as a type alone.
 *
 * @throws TypeError for an option that is out of its range.
 */
export function createClient<A extends Api = Readonly<Record<string, UnknownEntry>>>(options: ClientOptions): Client<A> {
  const ports = withDefaults(options);
  const sender = new Sender(ports, createTokens(options.auth, ports));
  const read = async <T>(path: string, given?: CallOptions) => (await sender.ask<T>({ path, repeatable: true }, given)).body;
  const isFailure: Client<A>["isFailure"] = (error: unknown, key?: string): error is never => error instanceof CallFailure && (key === undefined || (error.action ?? key) === key);
  return {
    execute: (key, ...args) => execute(sender, key, readArguments(args)),
    preview: (key, ...args) => preview(sender, key, readArguments(args)),
    bulk: (key, ids, ...args) => new Bulk(sender, { key, ids, ...readArguments(args) }),
    async startBulk(key, ids, ...args) {
      const parts = { key, ids, ...readArguments(args) };
      return (await sender.ask<{ readonly workflow_id: string } & Replayable>(bulkCall(sender, parts, { async: true }), parts.options)).body;
    },
    workflow: (id) => createWorkflowHandle(sender, id),
    workflows: (query, given) => new Listing(sender, "workflows", query, given),
    subjects: <T>(name: string): SubjectsOf<T> => ({
      list: (query, given) => new Listing(sender, `subjects/${segment(name)}`, query, given),
      get: (id, given) => read(`subjects/${segment(name)}/${segment(id)}`, given),
    }),
    audit: createAudit(sender),
    actions: {
      list: async (given) => (await read<{ readonly data: readonly ListedAction[] }>("actions", given)).data,
      schema: (key, given) => read(actionPath(key, "schema"), given),
    },
    isFailure,
  };
}
