import { endsCall } from "../errors.ts";
import { checkParams } from "../execution/check-params.ts";
import { report } from "../execution/execution-ports.ts";
import { findFailed } from "../execution/execute.ts";
import { failed, invalidParams, type Failed, type Outcome } from "../execution/answer/outcome.ts";
import { inTime } from "../execution/time/in-time.ts";
import { traceExecution } from "../execution/trace-execution.ts";
import { transact } from "../execution/transact.ts";
import { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import { identityKey, requireIdentity } from "../identity.ts";
import { readTraceparent } from "../observation/traceparent.ts";
import { admit } from "./call/admission.ts";
import { ListenerFailed, tellAll, type Batch } from "./call/batch.ts";
import type { BulkCall, BulkPorts } from "./call/bulk-call.ts";
import { checkBulkInput, limitsOf } from "./call/bulk-input.ts";
import { withSharedParams } from "./call/shared-params.ts";
import { BulkMemory, type KeptItems } from "./bulk-memory.ts";
import { hasBegun, isUnavailable, summarize, type BulkItem, type BulkOutcome } from "./bulk-outcome.ts";
import { SUBJECTS_A_READ } from "./run/ahead.ts";
import { runApart, runTold } from "./run/run-apart.ts";
import { runPreview } from "./run/run-preview.ts";
import { runTogether } from "./run/run-together.ts";
import { startBulk } from "./asynchronous/start-bulk.ts";

/** Runs the action on every subject, or starts a workflow that does, or says why nothing was tried. */
export async function bulk(ports: BulkPorts, call: BulkCall): Promise<BulkOutcome | Outcome> {
  const action = ports.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  if (action.subject === null) return failed("subject_not_accepted", "This action takes no subject, so there is no bulk call of it.");
  requireIdentity(call.identity);
  const input = await checkBulkInput(call.input, action.subject, limitsOf(action, ports), ports.breath);
  if ("errors" in input) return invalidParams(input.errors);
  if (input.async && ports.workflows.engine === null) return invalidParams({ async: ["Must be false: this server runs no workflows."] });
  const traceparent = readTraceparent(call.traceparent);
  const batch: Batch = { call: traceparent === call.traceparent ? call : { ...call, traceparent }, action: withSharedParams(action, input.params), subject: action.subject, input, memory: null };
  const trace = ports.tracing.execution;
  if (trace === null) return answerBatch(ports, batch);
  const { identity, requestId, via } = call;
  const calling = { action, id: null, identity, requestId, via, traceparent };
  return traceExecution(trace, input.preview ? "preview" : "bulk", calling, (traced) => answerBatch(ports, { ...batch, call: { ...call, traceparent: traced.traceparent, traced } }));
}

async function answerBatch(ports: BulkPorts, batch: Batch): Promise<BulkOutcome | Outcome> {
  const { call, input } = batch;
  try {
    const answer = await (input.async ? runLater(ports, batch) : runNow(ports, batch));
    await ports.store.durable();
    return answer;
  } catch (error) {
    if (error instanceof ListenerFailed) throw error.cause;
    return findFailed(ports, call, error) ?? toUnforeseen(ports, call, error);
  }
}

/** What is foreseen nowhere, such as a source of subjects that answers what it was not asked for. */
function toUnforeseen(ports: BulkPorts, call: Batch["call"], error: unknown): Failed {
  report(ports, call, "internal_error", error);
  return failed("internal_error");
}

/** Once there is room for what is known of its items until it is answered. */
async function runNow(ports: BulkPorts, batch: Batch): Promise<BulkOutcome | Outcome> {
  const { call, input } = batch;
  const { idempotencyKey } = call;
  const [caller, subjects] = [identityKey(call.identity), input.ids.length];
  const refused = await ports.places.take(caller, subjects, call.signal);
  if (refused !== null) return refused;
  try {
    return await (input.preview || idempotencyKey === undefined ? runBatch(ports, batch) : runOnce(ports, batch, new BulkMemory(ports, call, idempotencyKey, input)));
  } finally {
    ports.places.leave(caller, subjects);
  }
}

/** Parameters and permissions are checked now, each subject once more when its turn comes. */
function runLater(ports: BulkPorts, batch: Batch): Promise<Outcome> {
  return startBulk(ports, batch, async () => {
    const refused = await checkSharedParams(ports, batch);
    return refused === null ? admit(ports, batch) : { refused, permissions: [] };
  });
}

/** Under an idempotency key a bulk call that has ended is answered from memory; one that was cut off goes on, and what never began is tried again. */
async function runOnce(ports: BulkPorts, batch: Batch, memory: BulkMemory): Promise<BulkOutcome | Failed> {
  const held = await ports.turns.take([memory.turn], batch.call.signal);
  try {
    const found = await memory.recall(new UnitOfWork(ports.store));
    if (found === null) return await runBatch(ports, { ...batch, memory });
    if ("kind" in found) return found;
    if (found.size === batch.input.ids.length) return await repeat(ports, batch.call, [...found.values()]);
    return await (batch.input.mode === "atomic" ? tryAllAgain(ports, { ...batch, memory }) : tryAgain(ports, { ...batch, memory }, found));
  } finally {
    held.release();
  }
}

async function repeat(ports: BulkPorts, call: BulkCall, items: readonly BulkItem[]): Promise<BulkOutcome> {
  await tellAll(ports, call, items.map((item) => ({ ...item, replayed: true })));
  return { ...summarize(items), replayed: true };
}

/** Runs what never began the last time. If it does not now either, this is the same answer once more. */
async function tryAgain(ports: BulkPorts, batch: Batch, kept: KeptItems): Promise<BulkOutcome | Failed> {
  const done = await runBatch(ports, batch);
  if (done.kind !== "bulk" || done.items.some((item) => hasBegun(item) && !kept.has(item.index))) return done;
  return { ...summarize(done.items.map((item) => kept.get(item.index) ?? item)), replayed: true };
}

/** The same of all or none. */
async function tryAllAgain(ports: BulkPorts, batch: Batch): Promise<BulkOutcome | Failed> {
  const done = await runBatch(ports, batch);
  if (done.kind !== "bulk" || !done.items.every((item) => item.replayed === true)) return done;
  return { ...done, items: done.items.map(({ index, id, outcome }) => ({ index, id, outcome })), replayed: true };
}

async function runBatch(ports: BulkPorts, batch: Batch): Promise<BulkOutcome | Failed> {
  const refused = await checkSharedParams(ports, batch);
  if (refused !== null) return refused;
  if (isTold(batch)) return runTold(ports, batch);
  const items = await (batch.input.preview ? runPreview(ports, batch) : isTogether(batch) ? runTogether(ports, batch) : runAndRemember(ports, batch));
  return "kind" in items ? items : summarize(items);
}

/** Is its caller told of each item, and needs none at the end? */
function isTold(batch: Batch): boolean {
  return batch.call.keepsItems === false && batch.call.onItem !== undefined && batch.memory === null && !batch.input.preview && !isTogether(batch);
}

function isTogether({ action, input: { mode } }: Batch): boolean {
  return mode === "atomic" || (mode === "each" && action.bulk.handleAll !== undefined);
}

/** Items apart; what one of a cut-off call has done is known from its own memory. Who may do nothing has nothing remembered. */
async function runAndRemember(ports: BulkPorts, batch: Batch): Promise<readonly BulkItem[]> {
  const { memory } = batch;
  if (memory === null || !(await begin(ports, batch, memory))) return runApart(ports, { ...batch, memory: null });
  const items = await runApart(ports, batch);
  if (items.some(isUnavailable)) return items;
  const permissions = await permissionsOf(ports, memory, items);
  const answer = await transact<readonly BulkItem[]>(ports, { ...PLAIN, work: (unit) => endCall(memory, unit, items, permissions), contended: () => items });
  await forEachPart(ports, items, (part) => transact<void>(ports, { ...PLAIN, work: (unit) => memory.forget(unit, part), contended: () => undefined }));
  return answer;
}

async function permissionsOf(ports: BulkPorts, memory: BulkMemory, items: readonly BulkItem[]): Promise<readonly string[]> {
  const permissions = new Set<string>();
  await forEachPart(ports, items, async (part) => {
    for (const permission of await memory.permissionsOf(new UnitOfWork(ports.store), part)) permissions.add(permission);
  });
  return [...permissions];
}

/** Does something with some items after the other; others get their turn in between. */
async function forEachPart(ports: BulkPorts, items: readonly BulkItem[], work: (part: readonly BulkItem[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += SUBJECTS_A_READ) {
    const pausing = ports.breath.take();
    if (pausing !== undefined) await pausing;
    await work(items.slice(from, from + SUBJECTS_A_READ));
  }
}

async function begin(ports: BulkPorts, batch: Batch, memory: BulkMemory): Promise<boolean> {
  // Whoever finds nothing to do any more may come after another process, which has done it under the same key.
  if ((await admit(ports, batch)).refused !== null) return memory.hasBegun(new UnitOfWork(ports.store));
  await transact(ports, { ...PLAIN, work: (unit) => memory.begin(unit), contended: () => undefined });
  return true;
}

/** The answer that counts is that of the process which ended the call first. */
async function endCall(memory: BulkMemory, unit: UnitOfWork, items: readonly BulkItem[], permissions: readonly string[]): Promise<readonly BulkItem[]> {
  const earlier = await memory.recall(unit);
  if (earlier !== null && "kind" in earlier) return items;
  if (earlier?.size === items.length) return [...earlier.values()];
  if (earlier === null || items.some((item) => hasBegun(item) && !earlier.has(item.index))) await memory.end(unit, items, permissions);
  return items;
}

/** A transaction that is nothing but its work. */
const PLAIN = { turns: [], last: null, conclude: <T>(worked: T): T => worked } as const;

/** One wrong parameter refuses the whole call, before anything runs. A rule that breaks is left to the items: each says what a single call would. */
async function checkSharedParams(ports: BulkPorts, { call: { identity }, action, input: { params } }: Batch): Promise<Failed | null> {
  try {
    const checked = await inTime(ports, action.key, checkParams({ action, identity, unit: new UnitOfWork(ports.store) }, params));
    if (!("kind" in checked)) return null;
    const errors = Object.entries(checked.errors ?? {}).map(([field, sentences]) => [`params.${field}`, sentences] as const);
    return invalidParams(Object.fromEntries(errors));
  } catch (error) {
    if (endsCall(error)) throw error;
    return null;
  }
}
