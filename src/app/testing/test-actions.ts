import type { Api, AuditEntry, BulkArguments, CallArguments, EntryOf, Run } from "../../adapters/client/index.ts";
import { readArguments } from "../../adapters/client/resources/execution.ts";
import type {
  Actions,
  ApiOf,
  Catalog,
  CheckedSubject,
  Duration,
  Failed,
  Identity,
  Observation,
  Page,
  RecordStore,
  SubjectAnswer,
  SubjectClass,
  SubjectQuery,
  SubjectRecord,
} from "../../domain/index.ts";
import { identityOf } from "./identity-of.ts";
import type { TestActionsOptions, TestBulkOptions, TestCallOptions } from "./options.ts";
import { TestWorld } from "./test-world.ts";
import { tried, triedBulk, triedPreview, type Effects, type Tried, type TriedBulk, type TriedPreview } from "./tried.ts";

/** Subjects of one class as the identity may look them up. */
export interface TestSubjects {
  list(query?: SubjectQuery): Promise<Page | Failed>;
  get(id: string | number): Promise<SubjectAnswer | Failed>;
  /** With what could be done with it now, and why not. */
  check(id: string | number): Promise<CheckedSubject | Failed>;
}

/** A run of a workflow. */
export interface TestWorkflow {
  /** As it is now, whoever asks. */
  get(): Promise<Run>;
  /** Hands it a signal as the identity, and lets it go on. @throws Error when it is not taken. */
  signal(name: string, value?: object): Promise<Run>;
  /** Cancels it as the identity, and lets it undo what it did. @throws Error when that is refused. */
  cancel(): Promise<Run>;
}

/** The time of a test. It passes by itself never. */
export interface PassingTime {
  /** RFC 3339 in UTC. */
  readonly now: string;
  /** Lets all happen that is due in this time, each thing at its own time and in order, until nothing can go on: `{ days: 3 }`. Answers what workflows have done. */
  pass(duration: Duration): Promise<Effects>;
}

/**
 * An application's actions in a test. Every call answers when its action is done and no workflow can go on before time passes. A call whose
 * action fails unforeseen rejects with that as its `cause`, where a client would be told `Server error.`
 */
export interface TestActions<A extends Api> {
  /** Runs an action: `execute("orders/approve-order", 42, { reason: "x" })`. */
  execute<K extends keyof A & string>(key: K, ...args: CallArguments<EntryOf<A, K>, TestCallOptions>): Promise<Tried<EntryOf<A, K>>>;
  /** What running it would answer and change; nothing is kept. */
  preview<K extends keyof A & string>(key: K, ...args: CallArguments<EntryOf<A, K>, TestCallOptions>): Promise<TriedPreview<EntryOf<A, K>>>;
  /** Runs an action on many subjects. */
  bulk<K extends keyof A & string>(key: K, ids: readonly NonNullable<EntryOf<A, K>["id"]>[], ...args: BulkArguments<EntryOf<A, K>, TestBulkOptions>): Promise<TriedBulk>;
  /** The same application, store and time, for somebody else. */
  as(identity: Identity | string): TestActions<A>;
  readonly identity: Identity;
  readonly time: PassingTime;
  /** All records of a class as they are kept, in the order of their IDs as texts. */
  records<R extends SubjectRecord>(subject: SubjectClass<R>): Promise<readonly R[]>;
  /** One of them; undefined: there is none. */
  record<R extends SubjectRecord>(subject: SubjectClass<R>, id: R["id"]): Promise<R | undefined>;
  /** Subjects of a class as the identity may look them up. */
  subjects(subject: SubjectClass | string): TestSubjects;
  workflow(id: string): TestWorkflow;
  /** All that the trail has, the oldest first. */
  trail(): Promise<readonly AuditEntry[]>;
  /** What was observed so far: unforeseen failures of steps among it. */
  readonly observed: readonly Observation[];
  /** What everything above calls. */
  readonly actions: Actions;
  readonly store: RecordStore;
}

/** What can be called of a catalog. */
type ApiIn<C extends Catalog> = ApiOf<C> extends infer A extends Api ? A : never;

/**
 * The actions of a catalog, on a store in memory and a clock that stands still: nothing real is waited for, and every run of a test comes to the
 * same. Needs no test runner.
 *
 * @throws TypeError for records of a class that is not in the catalog or has a source, for an ID that its class refuses, an identity that cannot be
 *   read, a malformed time, and fakes of an unknown workflow.
 */
export function createTestActions<const C extends Catalog>(options: TestActionsOptions<C>): TestActions<ApiIn<C>> {
  return toTestActions<ApiIn<C>>(new TestWorld(options), identityOf(options.identity));
}

function toTestActions<A extends Api>(world: TestWorld, identity: Identity): TestActions<A> {
  const { actions, store, time, observed } = world;
  return {
    async execute(key, ...args) {
      const { call, name, options } = world.toCall(key, args);
      return world.during(name, async (requestId) => actions.execute({ ...call, identity, requestId, ...options }), (outcome, effects) => tried(name, outcome, effects));
    },
    async preview(key, ...args) {
      const { call, name } = world.toCall(key, args);
      return world.during(name, async (requestId) => actions.preview({ ...call, identity, requestId }), (outcome) => triedPreview(name, outcome));
    },
    async bulk(key, ids, ...args) {
      const { params, options } = readArguments([null, ...args]);
      const { idempotencyKey, ...more }: TestBulkOptions = options;
      const name = `${key} on ${ids.length} subjects`;
      const input = { ids, ...(params === undefined ? {} : { params }), ...more };
      const bulk = (requestId: string) => actions.bulk({ key, identity, input, requestId, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
      return world.during(name, bulk, (outcome, effects) => triedBulk(name, outcome, effects));
    },
    as: (other) => toTestActions<A>(world, identityOf(other)),
    identity,
    time: {
      get now() {
        return time.now;
      },
      pass: (duration) => world.pass(duration),
    },
    records: (subject) => world.records(subject),
    record: (subject, id) => world.record(subject, id),
    subjects: (subject) => {
      const name = typeof subject === "string" ? subject : subject.class;
      return {
        list: (query = {}) => actions.subjects.list(identity, name, query),
        get: (id) => actions.subjects.get(identity, name, String(id)),
        check: (id) => actions.subjects.check(identity, name, String(id)),
      };
    },
    workflow: (id) => ({
      get: () => world.run(id),
      signal: (name, value = {}) => world.tell(id, `the signal "${name}"`, async () => actions.workflows.signal(identity, id, name, { ...value })),
      cancel: () => world.tell(id, "the wish to cancel", async () => actions.workflows.cancel(identity, id)),
    }),
    trail: () => world.entriesBehind(undefined),
    observed,
    actions,
    store,
  };
}
