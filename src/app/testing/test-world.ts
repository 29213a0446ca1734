import type { AuditEntry, Run } from "../../adapters/client/index.ts";
import { readArguments } from "../../adapters/client/resources/execution.ts";
import { embeddedWorkflows } from "../../adapters/embedded-workflows/index.ts";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import { createActions, createIdentity, type Actions, type Catalog, type Duration, type Failed, type Json, type JsonObject, type Observation, type RecordStore } from "../../domain/index.ts";
import type { SubjectClass, SubjectRecord, WorkflowAnswer } from "../../domain/index.ts";
import { checkWhole, requireFunction, requireMethods, requireObject, requireOptionalFunction, requireOptions } from "../../domain/check-option.ts";
import { describeError, summarize } from "../log/describe-error.ts";
import { areInitial, toChange } from "../initial-records.ts";
import { DrivenTime } from "./driven-time.ts";
import { recordCommits, type RecordedCommit } from "./recorded-store.ts";
import { LIMITS, TEST_OPTIONS, type TestActionsOptions, type TestCallOptions } from "./options.ts";
import type { Effects } from "./tried.ts";
import { watchEngine, type StartedRun, type WatchedEngine } from "./watched-engine.ts";

const START = "2026-01-01T00:00:00.000Z";
const HOUR_MS = 3_600_000;
const PAGE = 200;
/** Looks at everything, for the test itself. */
const ONLOOKER = createIdentity({ kind: "client", id: "test", permissions: ["*"] });

/** What one test has: a store, a time, the actions on them. */
export class TestWorld {
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly time: DrivenTime;
  readonly observed: Observation[] = [];
  readonly #engine: WatchedEngine;
  readonly #commits: readonly RecordedCommit[];
  /** Settles when the records are there and workflows run. */
  readonly #ready: Promise<void>;
  #calls = 0;

  constructor(options: TestActionsOptions<Catalog>) {
    requireOptions("createTestActions", options, TEST_OPTIONS);
    const { catalog, records = [], now = START, steps = {}, patienceMs = 1_000, identityOf, limits = {} } = options;
    if (!Number.isFinite(Date.parse(now))) throw new TypeError(`now must be RFC 3339 such as ${START}, not ${JSON.stringify(now)}`);
    requireMethods("catalog", catalog, ["find", "workflow"], "give what createCatalog({ … }) answers");
    if (!areInitial(records)) throw new TypeError("records must be a list of what recordsOf() answers");
    requireOptions("limits", limits, LIMITS);
    requireOptionalFunction("identityOf", identityOf, "it answers who an identity is by now");
    requireObject("steps", steps, "stand-ins by workflow and step");
    checkFakes(catalog, steps);
    this.time = new DrivenTime(now, checkWhole("patienceMs", patienceMs, HOUR_MS, 0), () => this.#engine);
    const { clock, timer } = this.time.test;
    // Nobody else has this store: each look for what others have done would only be one more time to pass.
    this.#engine = watchEngine(embeddedWorkflows({ timer, random: () => 0, exclusive: true }), steps);
    const memory = createMemoryStore({ clock });
    const loaded = memory.commit(records.flatMap(({ subject, records: all }) => (checkLoadable(catalog, subject), all.map((record) => toChange(subject, record)))));
    ({ store: this.store, commits: this.#commits } = recordCommits(memory, new Set(catalog.subjects.map((subject) => subject.class))));
    this.actions = createActions({
      ...limits,
      catalog,
      store: this.store,
      clock,
      timer,
      newId: countIds(),
      newAbortController: () => new AbortController(),
      observe: (observation) => void this.observed.push(observation),
      workflows: { engine: this.#engine.create, ...(identityOf === undefined ? {} : { identityOf }) },
    });
    this.#ready = Promise.all([loaded, this.actions.workflows.open()]).then(() => undefined);
  }

  /** A call as the actions take it, and how people name it. */
  toCall(key: string, args: readonly unknown[]) {
    const { id, params = {}, options } = readArguments(args);
    const { idempotencyKey, ifMatch }: TestCallOptions = options;
    return {
      name: id === undefined ? key : `${key} on ${id}`,
      call: { key, params, ...(id === undefined ? {} : { subject: String(id) }) },
      options: { ...(idempotencyKey === undefined ? {} : { idempotencyKey }), ...(ifMatch === undefined ? {} : { ifMatch }) },
    };
  }

  /** What the call came to, once nothing can go on; with what it did itself. Rejects with what nobody foresaw. */
  async during<O, T>(name: string, call: (requestId: string) => Promise<O>, answer: (outcome: O, effects: Effects) => T): Promise<T> {
    await this.#ready;
    const requestId = `test-${++this.#calls}`;
    const [commits, entries] = [this.#commits.length, await this.#lastEntry()];
    const outcome = await call(requestId);
    await this.time.settle();
    const unforeseen = this.observed.find((observation) => observation.requestId === requestId && observation.event === "internal_error");
    if (unforeseen !== undefined) throw new Error(`${name} failed unforeseen: ${summarize(describeError(unforeseen.error))}`, { cause: unforeseen.error });
    const own = this.#commits.slice(commits).filter(({ requests }) => requests.has(requestId));
    return answer(outcome, this.#effects(own, (await this.entriesBehind(entries)).filter(({ request_id }) => request_id === requestId)));
  }

  async pass(duration: Duration): Promise<Effects> {
    await this.#ready;
    const [commits, entries] = [this.#commits.length, await this.#lastEntry()];
    await this.time.pass(duration);
    return this.#effects(this.#commits.slice(commits), await this.entriesBehind(entries));
  }

  async records<R extends SubjectRecord>({ class: name }: SubjectClass<R>): Promise<readonly R[]> {
    await this.#ready;
    const found: R[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page: Awaited<ReturnType<RecordStore["list"]>> = await this.store.list(name, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      found.push(...page.records.map(({ value }) => toRecord<R>(value)));
      after = page.next;
    }
    return found;
  }

  async record<R extends SubjectRecord>({ class: name }: SubjectClass<R>, id: R["id"]): Promise<R | undefined> {
    await this.#ready;
    const [found] = await this.store.read(name, [String(id)]);
    return found === undefined ? undefined : toRecord<R>(found.value);
  }

  async run(id: string): Promise<Run> {
    await this.#ready;
    await this.time.settle();
    const found = await this.actions.workflows.find(ONLOOKER, id);
    if (found.kind === "failed") throw new Error(`${found.message} (${id})`);
    return toPlain<Run>(found.run);
  }

  /** Tells a run something, and lets it go on. */
  async tell(id: string, what: string, told: () => Promise<WorkflowAnswer | Failed>): Promise<Run> {
    await this.#ready;
    await this.time.settle();
    const answer = await told();
    if (answer.kind === "failed") throw new Error(`the workflow ${id} did not take ${what}: ${answer.message} (${answer.code})${answer.errors === undefined ? "" : ` ${JSON.stringify(answer.errors)}`}`);
    return this.run(id);
  }

  async entriesBehind(last: string | undefined): Promise<readonly AuditEntry[]> {
    await this.#ready;
    const entries: AuditEntry[] = [];
    for (let after: string | null | undefined = last; after !== null; ) {
      const page: Awaited<ReturnType<RecordStore["trail"]>> = await this.store.trail({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      entries.push(...page.entries.map(({ id, value }) => toPlain<AuditEntry>({ id, ...value })));
      after = page.next;
    }
    return entries;
  }

  async #lastEntry(): Promise<string | undefined> {
    return (await this.store.trail({ limit: 1, order: "descending" })).entries[0]?.id;
  }

  #effects(commits: readonly RecordedCommit[], entries: readonly AuditEntry[]): Effects {
    const runs = commits.flatMap((commit) => commit.runs.flatMap((id): StartedRun | readonly StartedRun[] => this.#engine.asked.get(id) ?? []));
    return { changes: commits.flatMap(({ changes }) => changes).map((change) => toPlain(change)), entries, workflows: runs.map((run) => toPlain(run)) };
  }
}

function checkFakes(catalog: Catalog, steps: NonNullable<TestActionsOptions<Catalog>["steps"]>): void {
  const unknown = Object.keys(steps).find((name) => catalog.workflow(name) === undefined);
  if (unknown !== undefined) throw new TypeError(`steps: the catalog has no workflow "${unknown}"`);
  for (const [name, fakes] of Object.entries(steps)) {
    requireObject(`steps: "${name}"`, fakes, "stand-ins by step");
    for (const [step, fake] of Object.entries(fakes)) requireFunction(`steps: "${name}": "${step}"`, fake, "what the step answers is its answer");
  }
}

function checkLoadable(catalog: Catalog, subject: SubjectClass): void {
  if (catalog.subject(subject.class) !== subject) throw new TypeError(`records: "${subject.class}" is not among the catalog's subjects; add it there`);
  if (subject.source !== null) throw new TypeError(`records: "${subject.class}" has a source of its own; give that source what the test needs`);
}

/** UUIDs of version 4 that count. */
function countIds(): () => string {
  let last = 0;
  return () => `00000000-0000-4000-8000-${String(++last).padStart(12, "0")}`;
}

/** A copy that holds nothing but data. */
function toPlain<T>(value: T | JsonObject | { readonly [name: string]: Json }): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}

/** A collection holds the records of its class. */
function toRecord<R extends SubjectRecord>(value: JsonObject): R {
  return toPlain<R>(value);
}
