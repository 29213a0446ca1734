import type { Json, Randomness } from "../../domain/index.ts";
import { CommitTooLarge, createFlow, toError, toFailure, toJsonObject, toValue, type EachCommand, type StepCommand } from "../../domain/workflow/engine.ts";
import { Bell } from "./bell.ts";
import { Compensation } from "./compensation.ts";
import { EachWork } from "./each-work.ts";
import type { NewRun, RunEnd } from "./end-run.ts";
import { CodeChanged } from "./engine-errors.ts";
import { answered, type Entry } from "./entry.ts";
import { HeldRun, type HeldRunPorts, type StoredRun } from "./held-run.ts";
import type { Answer } from "./journal.ts";
import { isStep, PendingCommands, type Pending } from "./pending-commands.ts";
import type { RunState } from "./run-state.ts";
import { workOnStep } from "./step-work.ts";
import { UnderWay } from "./under-way.ts";
import { Waits } from "./waits.ts";

/** What a run at work needs of its engine. */
export interface RunPorts extends HeldRunPorts {
  readonly random: Randomness;
  /** It waits, and is to be forgotten now. */
  parked(id: string, wakeAt: number | null): void;
  /** Its code went on, after it was forgotten, by something that its flow did not answer. */
  wentAstray(id: string): void;
  /** A run was recorded in its place. */
  started(run: NewRun): void;
}

type CodeEnd = { readonly kind: "completed"; readonly result: Json | undefined } | { readonly kind: "failed"; readonly error: unknown } | { readonly kind: "continued"; readonly end: RunEnd };

/**
 * One pass through a workflow's code: what the journal knows is answered from it, in its order, one answer at a time; then the
 * commands that are left are begun. When nothing but time or a signal can make the code go on, the pass ends and is forgotten.
 */
export class RunLoop {
  readonly #ports: RunPorts;
  readonly #stored: StoredRun;
  readonly #run: HeldRun;
  readonly #bell = new Bell();
  readonly #commands: PendingCommands;
  readonly #underWay = new UnderWay(() => this.#bell.ring());
  readonly #compensation = new Compensation();
  readonly #waits: Waits;
  #end: CodeEnd | null = null;
  #isClosing = false;
  #isForgotten = false;

  constructor(ports: RunPorts, stored: StoredRun) {
    this.#ports = ports;
    this.#stored = stored;
    const run = new HeldRun(ports, stored);
    this.#run = run;
    this.#waits = new Waits({ run, clock: ports.host.clock, refused: (signal) => this.#observe("workflow_signal_refused", { signal }) });
    this.#commands = new PendingCommands(() => this.#noteCommand());
  }

  /** Looks again at what may have come: a signal, the wish to cancel, a time. */
  wake(): void {
    this.#bell.ring();
  }

  /** Takes over what somebody else has committed of the run. To be called alone for the run. */
  refresh(state: RunState): void {
    this.#run.refresh(state);
    this.#bell.ring();
  }

  /** Begins nothing any more and ends once the steps under way have ended. */
  close(): void {
    this.#isClosing = true;
    this.#bell.ring();
  }

  /** Until the run has ended, is parked, or the engine closes, and nothing of it is under way. Rejects when it cannot go on for now. */
  async work(): Promise<void> {
    try {
      await this.#ports.host.store.durable();
      this.#startCode();
      while (await this.#advance());
    } catch (error) {
      if (!(error instanceof CodeChanged || error instanceof CommitTooLarge)) throw error;
      await this.#failWith(error);
    } finally {
      this.#isForgotten = true;
      // Whoever takes the run up next must not find a step that is still at work.
      await this.#underWay.ended();
    }
  }

  #startCode(): void {
    const { workflow, input } = this.#stored;
    const parsed = workflow.input.parse(input);
    if (!parsed.ok) throw new CodeChanged(workflow.name, "it does not take the input it was started with any more");
    const flow = createFlow({
      id: this.#run.id,
      ask: (command) => this.#commands.add(command),
      progress: (done, total) => this.#run.showProgress(done, total),
      continueAs: (next) => this.#endCode({ kind: "continued", end: { status: "continued", input: toJsonObject(next, "the input of flow.continueAs()") } }),
      cancel: (reason) => this.#underWay.begin(() => this.#run.save({ cancelled: reason })),
    });
    void this.#runCode(async () => workflow.run(flow, parsed.value));
  }

  async #runCode(code: () => Promise<unknown>): Promise<void> {
    try {
      this.#endCode({ kind: "completed", result: toValue(await code(), this.#stored.workflow.name) });
    } catch (error) {
      this.#endCode({ kind: "failed", error });
    }
  }

  #endCode(end: CodeEnd): void {
    this.#end ??= end;
    this.#bell.ring();
  }

  #noteCommand(): void {
    if (!this.#isForgotten) this.#bell.ring();
    else if (!this.#compensation.hasBegun && this.#end === null && !this.#isClosing && this.#underWay.failure === null) this.#ports.wentAstray(this.#run.id);
  }

  /** Does the next thing there is to do; false when there will be nothing more. */
  async #advance(): Promise<boolean> {
    await this.#everythingReady();
    this.#bell.silence();
    if (this.#underWay.failure !== null) throw this.#underWay.failure.error;
    const answer = this.#run.journal.nextAnswer;
    if (answer !== undefined) return this.#deliver(answer);
    if (this.#isClosing) return !this.#underWay.isIdle && this.#untilNews();
    this.#beginCommands();
    if (this.#mayBegin && (await this.#waits.answerFirst((step) => this.#tryStep(step)))) return true;
    return this.#underWay.isIdle ? this.#rest() : this.#untilNews();
  }

  /** Lets everything run that is ready, so that the code has made all the commands it can make. */
  #everythingReady(): Promise<void> {
    return new Promise((resolve) => this.#ports.timer(0, resolve));
  }

  async #untilNews(): Promise<true> {
    await this.#bell.rings();
    return true;
  }

  /** Nothing is under way: the end, the way back, or a pause. */
  async #rest(): Promise<boolean> {
    if (this.#compensation.isDone) return this.#finish(this.#compensation.endOf(this.#failure, this.#run.state.cancelled));
    if (!this.#compensation.hasBegun) {
      if (this.#end?.kind === "completed") return this.#finish({ status: "completed", result: this.#end.result });
      if (this.#end?.kind === "failed" || this.#isCancelled) return this.#startCompensation();
      if (this.#end?.kind === "continued") return this.#finish(this.#end.end);
    }
    return this.#waits.isEmpty ? this.#untilNews() : !(await this.#park());
  }

  get #isCancelled(): boolean {
    return this.#run.state.cancelled !== null;
  }

  get #failure(): string | null {
    return this.#end?.kind === "failed" ? toFailure(this.#end.error).message : null;
  }

  /** Hands the code an answer. What the journal says that came next it must have asked for by now. */
  async #deliver({ key, entry, isReplayed }: Answer): Promise<boolean> {
    if (!isReplayed) await this.#ports.host.store.durable();
    const command = this.#commands.take(key);
    if (command === undefined && isReplayed) return this.#replayUndoing(key, entry);
    this.#run.journal.dropAnswer();
    if (command !== undefined) this.#settle(command, entry);
    return true;
  }

  #replayUndoing(key: string, { kind }: Entry): boolean {
    const isToBeUndone = this.#isCancelled || this.#end?.kind === "failed";
    if (kind === "undo" && isToBeUndone && !this.#compensation.hasBegun) return this.#startCompensation();
    throw new CodeChanged(this.#stored.workflow.name, `its journal goes on with ${key}, and the code does not`);
  }

  #settle(command: Pending, { value, failure }: Entry): void {
    if (failure !== undefined) return command.reject(toError(failure));
    if (command.kind === "step") this.#compensation.add(command, value);
    command.resolve(value);
  }

  /** Code that has ended, or is to be undone, begins nothing more. */
  get #mayBegin(): boolean {
    return this.#compensation.hasBegun || (this.#end === null && !this.#isCancelled);
  }

  #beginCommands(): void {
    if (this.#mayBegin) for (const command of this.#commands.takeNew()) this.#begin(command);
  }

  #begin(command: Pending): void {
    if (command.kind === "each") return this.#underWay.begin(() => this.#workOnEach(command));
    const isToBeTried = isStep(command) && (this.#run.journal.find(command.key)?.at ?? null) === null;
    return isToBeTried ? this.#tryStep(command) : this.#waits.add(command);
  }

  #tryStep(command: Pending<StepCommand>): void {
    this.#underWay.begin(async () => {
      const failed = await workOnStep({ run: this.#run, random: this.#ports.random, clock: this.#ports.host.clock }, command);
      if (failed === null) return;
      this.#observe("workflow_step_failed", { step: command.name, error: failed.cause });
      this.#waits.add(command);
    });
  }

  async #workOnEach(command: Pending<EachCommand>): Promise<void> {
    await this.#run.claim();
    const { host, timer, retentionMs } = this.#ports;
    const isStopped = () => this.#isClosing || this.#isCancelled || this.#underWay.failure !== null || this.#end !== null;
    const end = await new EachWork({ host, timer, retentionMs, run: this.#run, isStopped }, command).work();
    if (end === null) return;
    const { journal } = this.#run;
    await this.#run.commitAnswer(command.key, () =>
      "failure" in end ? { kind: "each", order: journal.nextOrder(), failures: 1, at: null, failure: end.failure } : answered("each", journal.nextOrder(), 0, end.tally));
  }

  /** True when the run is parked and forgotten; false when something has come meanwhile. */
  async #park(): Promise<boolean> {
    const { wakeAt } = this.#waits;
    await this.#run.park(wakeAt);
    if (this.#bell.hasRung || this.#underWay.failure !== null) return false;
    this.#isForgotten = true;
    this.#ports.parked(this.#run.id, wakeAt);
    return true;
  }

  #startCompensation(): true {
    this.#commands.clear();
    this.#waits.clear();
    void this.#compensation.begin((command) => this.#commands.add(command)).then(() => this.#bell.ring());
    return true;
  }

  /** Ends the run. What is too large to be kept as its result, or as the input of the next, is its failure. */
  async #finish(end: RunEnd): Promise<boolean> {
    try {
      await this.#endRun(end);
      return false;
    } catch (error) {
      if (!(error instanceof CommitTooLarge) || this.#compensation.hasBegun) throw error;
      this.#end = { kind: "failed", error: new Error(TOO_LARGE) };
      return true;
    }
  }

  async #failWith(error: CodeChanged | CommitTooLarge): Promise<void> {
    if (error instanceof CodeChanged) this.#observe("workflow_changed", { error });
    await this.#underWay.ended();
    await this.#endRun({ status: "failed", error: error instanceof CodeChanged ? error.message : TOO_LARGE });
  }

  async #endRun(end: RunEnd): Promise<void> {
    const next = await this.#run.end(end);
    this.#isForgotten = true;
    if (end.status === "failed") this.#observe("workflow_failed", { error: this.#end?.kind === "failed" ? this.#end.error : end.error });
    if (next !== null) this.#ports.started(next);
  }

  #observe(event: string, detail: object): void {
    this.#ports.host.observe({ event, workflow: this.#stored.workflow.name, workflow_id: this.#run.id, ...detail });
  }
}

const TOO_LARGE = "What the workflow would store at once is more than one commit can hold.";
