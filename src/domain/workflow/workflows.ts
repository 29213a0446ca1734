import { toItems } from "../bulk/bulk-memory.ts";
import type { BulkItem } from "../bulk/bulk-outcome.ts";
import type { Asking, ExecutionPorts } from "../execution/execution-ports.ts";
import { answerSafely } from "../execution/execute.ts";
import { identityKey, type Identity } from "../identity.ts";
import type { Json, JsonObject } from "../json.ts";
import { failed, invalidParams, type Failed } from "../execution/answer/outcome.ts";
import { parsePageQuery, type Page, type PageQuery } from "../page.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Timer } from "../ports.ts";
import { Follower, type WorkflowAnswer } from "./follower.ts";
import type { Delivery, WorkflowEngine, WorkflowRun } from "./port.ts";
import { isEnd, toStatus, WORKFLOW_STATUSES } from "./status.ts";

/** Whoever holds it may see every run. */
const VIEW_WORKFLOWS = "view_workflows";
/** Whoever holds it may also cancel, and send signals to, the runs of others that it may see. */
const MANAGE_WORKFLOWS = "manage_workflows";

/** Which runs are asked for, newest first. */
export interface WorkflowQuery extends PageQuery {
  readonly status?: string;
}

/** A page of the results of a bulk call that ran as a workflow. */
export interface WorkflowResults {
  readonly kind: "results";
  readonly items: readonly BulkItem[];
  readonly next: string | null;
}

/** What an identity may know of the workflows, and do to them. */
export interface Workflows {
  /** A run that this identity started, or any with `view_workflows`. Others are as unknown as those that there are not. */
  find(identity: Identity, id: string, asking?: Asking): Promise<WorkflowAnswer | Failed>;
  list(identity: Identity, query?: WorkflowQuery, asking?: Asking): Promise<Page | Failed>;
  /** Asks a run to end between its steps, undoing what it did. Answers it as it is now. */
  cancel(identity: Identity, id: string, asking?: Asking): Promise<WorkflowAnswer | Failed>;
  /** Hands a run a signal. Answers it as it is now. */
  signal(identity: Identity, id: string, name: string, value: JsonObject, asking?: Asking): Promise<WorkflowAnswer | Failed>;
  results(identity: Identity, id: string, query?: PageQuery, asking?: Asking): Promise<WorkflowResults | Failed>;
  /**
   * The run as it is, and again whenever that has changed, until it has ended; null when nothing has changed for a while.
   * It ends too when the workflows are closed.
   */
  follow(identity: Identity, id: string, asking?: Asking): Promise<AsyncIterable<WorkflowAnswer | null> | Failed>;
  /** Goes on with everything that has not ended. To be called once, when the application starts. */
  open(): Promise<void>;
  /** Begins no step any more, waits a while for those under way, and ends whoever follows a run or the audit trail. */
  close(): Promise<void>;
}

/** What the workflows work with. */
export interface WorkflowsPorts extends ExecutionPorts {
  /** For the pauses between signs of life; null: none are given. */
  readonly timer: Timer | null;
}

const NONE = "There is no such workflow.";
const ENDED = "This workflow has ended.";
const MIN_POLL_MS = 500;
const MAX_POLL_MS = 60_000;

/** The workflows, with the questions asked that an engine does not ask. `followers`: how to end whatever is followed. */
export function createWorkflows(ports: WorkflowsPorts, followers: Set<() => void>): Workflows {
  const { engine } = ports.workflows;
  const ask = <T>(asking: Asking | undefined, answer: () => Promise<T>) => answerSafely(ports, { ...asking, key: "workflows" }, answer);
  return {
    find: (identity, id, asking) => ask(asking, () => findVisible(ports, identity, id)),
    list: (identity, query = {}, asking) => ask(asking, () => list(ports, identity, query)),
    cancel: (identity, id, asking) => ask(asking, () => deliver(ports, identity, id, (to) => to.cancel(id), isCancelled)),
    signal: (identity, id, name, value, asking) => ask(asking, () => deliver(ports, identity, id, (to) => to.signal(id, name, value), () => false)),
    results: (identity, id, query = {}, asking) => ask(asking, () => results(ports, identity, id, query)),
    follow: (identity, id, asking) => ask(asking, () => follow(ports, identity, id, { followers, asking })),
    open: async () => engine?.open(),
    async close() {
      for (const end of [...followers]) end();
      await engine?.close();
    },
  };
}

async function findRun({ workflows }: WorkflowsPorts, identity: Identity, id: string): Promise<{ readonly engine: WorkflowEngine; readonly found: WorkflowRun } | Failed> {
  const { engine } = workflows;
  if (engine === null) return failed("not_found", NONE);
  const found = await engine.find(id);
  if (found === undefined || !maySee(identity, found)) return failed("not_found", NONE);
  return { engine, found };
}

function maySee(identity: Identity, found: WorkflowRun): boolean {
  return isStarter(identity, found) || identity.can(VIEW_WORKFLOWS);
}

function isStarter(identity: Identity, { startedBy }: WorkflowRun): boolean {
  return identityKey(startedBy) === identityKey(identity);
}

async function findVisible(ports: WorkflowsPorts, identity: Identity, id: string): Promise<WorkflowAnswer | Failed> {
  const visible = await findRun(ports, identity, id);
  return "kind" in visible ? visible : toAnswer(ports, visible.found);
}

async function list(ports: WorkflowsPorts, identity: Identity, query: WorkflowQuery): Promise<Page | Failed> {
  const { engine } = ports.workflows;
  const page = parsePageQuery(query);
  if ("errors" in page) return invalidParams(page.errors);
  const status = toStatus(query.status);
  if (query.status !== undefined && status === undefined) return invalidParams({ status: [`status must be one of ${WORKFLOW_STATUSES.join(", ")}.`] });
  if (engine === null) return { kind: "page", data: [], next: null };
  const own = identity.can(VIEW_WORKFLOWS) ? {} : { startedBy: identityKey(identity) };
  const { runs, next } = await engine.list({ ...page, ...own, ...(status === undefined ? {} : { status }) });
  return { kind: "page", data: runs.map((found) => present(ports, found)), next };
}

/** What an engine is asked to hand to a run. */
type Deliver = (engine: WorkflowEngine) => MaybePromise<Delivery>;

async function deliver(ports: WorkflowsPorts, identity: Identity, id: string, hand: Deliver, isDone: (found: WorkflowRun) => boolean): Promise<WorkflowAnswer | Failed> {
  const visible = await findRun(ports, identity, id);
  if ("kind" in visible) return visible;
  if (!isStarter(identity, visible.found) && !identity.can(MANAGE_WORKFLOWS)) return { ...failed("forbidden"), missing: [MANAGE_WORKFLOWS] };
  if (isDone(visible.found)) return toAnswer(ports, visible.found);
  const delivery = await hand(visible.engine);
  return delivery.delivered ? await findVisible(ports, identity, id) : toFailed(delivery);
}

function isCancelled({ status }: WorkflowRun): boolean {
  return status === "cancelled";
}

function toFailed(delivery: Exclude<Delivery, { readonly delivered: true }>): Failed {
  switch (delivery.reason) {
    case "ended":
      return failed("conflict", ENDED);
    case "unknown":
      return failed("not_found", "This workflow takes no signal of that name.");
    case "full":
      return failed("too_many_requests", "Too many signals wait for this workflow. Try again later.");
    case "invalid":
      return invalidParams(delivery.errors);
  }
}

async function results(ports: WorkflowsPorts, identity: Identity, id: string, query: PageQuery): Promise<WorkflowResults | Failed> {
  const visible = await findRun(ports, identity, id);
  if ("kind" in visible) return visible;
  const page = parsePageQuery(query);
  if ("errors" in page) return invalidParams(page.errors);
  const found = await visible.engine.results(id, page);
  return { kind: "results", items: toItems(found.results), next: found.next };
}

async function follow(ports: WorkflowsPorts, identity: Identity, id: string, { followers, asking }: { readonly followers: Set<() => void>; readonly asking: Asking | undefined }): Promise<AsyncIterable<WorkflowAnswer | null> | Failed> {
  const visible = await findRun(ports, identity, id);
  if ("kind" in visible) return visible;
  const find = () => answerSafely(ports, { ...asking, key: "workflows" }, () => findVisible(ports, identity, id));
  const { timer, clock } = ports;
  return new Follower({ find, timer, clock, followers, watch: (changed) => visible.engine.watch(id, changed) });
}

function toAnswer(ports: WorkflowsPorts, found: WorkflowRun): WorkflowAnswer {
  return { kind: "run", run: present(ports, found), ended: isEnd(found.status) };
}

/** What clients see: always the same keys, then the result or the error. */
function present({ clock }: WorkflowsPorts, found: WorkflowRun): JsonObject {
  const { id, name, action, subject, status, progress, createdAt, updatedAt, result, error } = found;
  const shown: Record<string, Json> = {
    id,
    name,
    action,
    subject: subject === null ? null : { class: subject.class, id: subject.id },
    status,
    progress: progress === null ? null : { done: progress.done, total: progress.total },
    created_at: createdAt,
    updated_at: updatedAt,
  };
  if (result !== undefined) shown["result"] = result;
  if (error !== undefined) shown["error"] = error;
  return { ...shown, poll_after_ms: pollAfter(found, clock()) };
}

/** When it is worth asking again; null: never. */
function pollAfter({ status, wakeAt }: WorkflowRun, now: number): number | null {
  if (isEnd(status)) return null;
  if (status !== "waiting") return MIN_POLL_MS;
  return wakeAt === null ? MAX_POLL_MS / 10 : Math.min(MAX_POLL_MS, Math.max(MIN_POLL_MS, wakeAt - now));
}
