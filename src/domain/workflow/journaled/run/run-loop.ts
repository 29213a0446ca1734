import { CommitTooLarge, StepStopped, toError, toFailure, type EachCommand, type StepCommand } from "../../engine-parts.ts";
import { Compensation } from "./compensation.ts";
import { EachWork } from "./each-work.ts";
import type { RunEnd } from "../state/end-run.ts";
import { CodeChanged } from "../run-errors.ts";
import { answered, type Entry } from "../state/entry.ts";
import { HeldRun, type RunPorts, type StoredRun } from "../state/held-run.ts";
import type { Answer } from "../state/journal.ts";
import { Notifier } from "./notifier.ts";
import { isStep, PendingCommands, type Pending } from "./pending-commands.ts";
import { startCode, type CodeEnd } from "./run-code.ts";
import type { RunState } from "../state/run-state.ts";
import { workOnStep } from "./step-work.ts";
import { UnderWay } from "./under-way.ts";
import { Waits } from "./waits.ts";

const TOO_LARGE = "What the workflow would store at once is more than one commit can hold.";

/**
 * One pass through a workflow's code: what the journal knows is answered from it, in its order, one answer at a time; then the
 * commands that are left are begun. When nothing but time or a signal can make the code go on, the pass ends and is forgotten.
 */
export class RunLoop {
  readonly #ports: RunPorts;
  readonly #stored: StoredRun;
  readonly #run: HeldRun;
  readonly #waits: Waits;
  readonly #news = new Notifier();
  readonly #underWay = new UnderWay(() => this.#news.notify());
  readonly #commands = new PendingCommands(() => this.#noteCommand());
  readonly #compensation = new Compensation();
  #end: CodeEnd | null = null;
  #isClosing = false;
  #isForgotten = false;

  constructor(ports: RunPorts, stored: StoredRun) {
    this.#ports = ports;
    this.#stored = stored;
    this.#run = new HeldRun(ports, stored);
    this.#waits = new Waits(this.#run);
  }

  /** Looks again at what may have come: a signal, the wish to cancel, a time. */
  wake(): void {
    this.#news.notify();
  }

  /** The run as this process knows it. */
  get state(): RunState {
    return this.#run.state;
  }

  /** Takes over what somebody else has committed of the run, which was at this epoch before. To be called alone for the run. */
  refresh(state: RunState, before: number): void {
    this.#run.refresh(state, before);
    this.#news.notify();
  }

  /** Begins nothing any more and ends once the steps under way have ended. */
  close(): void {
    this.#isClosing = true;
    this.#news.notify();
  }

  /** Gives up the steps under way: nothing of them is committed. */
  abandon(): void {
    this.#run.stop.end(new StepStopped("The engine has closed."));
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
    startCode(this.#stored, {
      ask: (command) => this.#commands.add(command),
      progress: (done, total) => this.#run.showProgress(done, total),
      cancel: (reason) => this.#underWay.begin(() => this.#run.cancel(reason)),
      ended: (end) => {
        this.#end ??= end;
        this.#news.notify();
      },
    });
  }

  /** Code that asks for something when nothing was answered has awaited something else. */
  #noteCommand(): void {
    const isExpected = !this.#isForgotten || this.#isClosing || this.#end !== null || this.#compensation.hasBegun || this.#underWay.failure !== null;
    if (isExpected) this.#news.notify();
    else this.#ports.awaitedElsewhere(this.#run.id);
  }

  /** Does the next thing there is to do; false when there will be nothing more. */
  async #advance(): Promise<boolean> {
    await this.#everythingReady();
    this.#news.reset();
    if (this.#underWay.failure !== null) throw this.#underWay.failure.error;
    const answer = this.#run.journal.nextAnswer;
    if (answer !== undefined) return this.#deliver(answer);
    if (this.#isClosing) return !this.#underWay.isIdle && this.#untilNews();
    if (this.#mayBegin) for (const command of this.#commands.takeNew()) this.#begin(command);
    if (this.#mayBegin && (await this.#waits.answerFirst((step) => this.#tryStep(step)))) return true;
    return this.#underWay.isIdle ? this.#endOrPark() : this.#untilNews();
  }

  /** Lets everything run that is ready, so that the code has made all the commands it can make. */
  #everythingReady(): Promise<void> {
    return new Promise((resolve) => this.#ports.timer(0, resolve));
  }

  async #untilNews(): Promise<true> {
    await this.#news.notified();
    return true;
  }

  /** Hands the code an answer. What the journal says that came next it must have asked for by now. */
  async #deliver({ key, entry, isReplayed }: Answer): Promise<boolean> {
    if (!isReplayed) await this.#ports.host.store.durable();
    const command = this.#commands.take(key);
    if (command === undefined && isReplayed) return this.#replayCompensation(key, entry);
    this.#run.journal.dropAnswer();
    if (command !== undefined) this.#settle(command, entry);
    return true;
  }

  #replayCompensation(key: string, { kind }: Entry): boolean {
    if (kind === "undo" && this.#isToBeUndone && !this.#compensation.hasBegun) return this.#startCompensation();
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

  get #isCancelled(): boolean {
    return this.#run.state.cancelled !== null;
  }

  get #isToBeUndone(): boolean {
    return this.#end?.status === "failed" || (this.#isCancelled && this.#end?.status !== "completed");
  }

  #begin(command: Pending): void {
    if (command.kind === "each") return this.#underWay.begin(() => this.#unlessStopped(() => this.#workOnEach(command)));
    const isToBeTried = isStep(command) && (this.#run.journal.find(command.key)?.at ?? null) === null;
    return isToBeTried ? this.#tryStep(command) : this.#waits.add(command);
  }

  #tryStep(command: Pending<StepCommand>): void {
    const work = async (): Promise<void> => {
      if (!(await workOnStep(this.#run, command))) this.#waits.add(command);
    };
    this.#underWay.begin(() => this.#unlessStopped(work));
  }

  /** What does not stop when the run is cancelled is left where it is: the run is undone without it. */
  async #unlessStopped(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StepStopped && this.#isCancelled) || this.#isClosing || error.cause !== undefined) throw error;
      this.#run.observe("workflow_step_stopped", { error });
    }
  }

  async #workOnEach(command: Pending<EachCommand>): Promise<void> {
    await this.#run.claim();
    const isStopped = () => this.#isClosing || this.#isCancelled || this.#underWay.failure !== null || this.#end !== null;
    const end = await new EachWork(this.#run, command, isStopped).work();
    if (end === null) return;
    const { journal } = this.#run;
    const failed = { kind: "each", failures: 1, at: null } as const;
    const toEntry = (): Entry => ("failure" in end ? { ...failed, order: journal.nextOrder(), failure: end.failure } : answered("each", journal.nextOrder(), 0, end.tally));
    await this.#run.commitAnswer(command.key, toEntry);
  }

  /** Nothing is under way: the run has ended, is undone or waits. */
  async #endOrPark(): Promise<boolean> {
    if (this.#compensation.isOver) return this.#finish(this.#compensation.endOf(this.#failure, this.#run.state.cancelled));
    if (!this.#compensation.hasBegun) {
      if (this.#isToBeUndone) return this.#startCompensation();
      if (this.#end !== null && this.#end.status !== "failed") return this.#finish(this.#end);
    }
    return this.#waits.isEmpty ? this.#untilNews() : !(await this.#park());
  }

  #startCompensation(): true {
    this.#commands.clear();
    this.#waits.clear();
    this.#run.beginUndoing();
    void this.#compensation.begin((command) => this.#commands.add(command)).then(() => this.#news.notify());
    return true;
  }

  get #failure(): string | null {
    return this.#end?.status === "failed" ? toFailure(this.#end.cause).message : null;
  }

  /** True when the run is parked and forgotten; false when something has come meanwhile. */
  async #park(): Promise<boolean> {
    const { wakeAt } = this.#waits;
    if (!(await this.#run.park(wakeAt)) || this.#news.isNotified || this.#underWay.failure !== null) return false;
    this.#isForgotten = true;
    this.#ports.parked(this.#run.id, wakeAt);
    return true;
  }

  /** Ends the run. What is too large to be kept as its result, or as the input of the next, is its failure. */
  async #finish(end: RunEnd): Promise<boolean> {
    try {
      await this.#endRun(end);
      return false;
    } catch (error) {
      if (!(error instanceof CommitTooLarge) || this.#compensation.hasBegun) throw error;
      this.#end = { status: "failed", cause: new Error(TOO_LARGE) };
      return true;
    }
  }

  async #failWith(error: CodeChanged | CommitTooLarge): Promise<void> {
    if (error instanceof CodeChanged) this.#run.observe("workflow_changed", { error });
    await this.#underWay.ended();
    await this.#endRun({ status: "failed", error: error instanceof CodeChanged ? error.message : TOO_LARGE });
  }

  async #endRun(end: RunEnd): Promise<void> {
    const next = await this.#run.end(end);
    this.#isForgotten = true;
    if (end.status === "failed") this.#run.observe("workflow_failed", { error: this.#end?.status === "failed" ? this.#end.cause : end.error });
    if (next !== null) this.#ports.started(next);
  }
}
