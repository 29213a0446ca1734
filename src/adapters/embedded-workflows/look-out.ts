import type { Change, Clock, Observe, RecordPage, RecordStore, StoredRecord, Timer } from "../../domain/index.ts";
import { alarmIdOf, ALARMS, isEnd, RUNS, toAlarm, toRunState, type RunState } from "../../domain/workflow/engine.ts";

/** What looking out takes. */
export interface LookOutPorts {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly observe: Observe;
  /** How often it is looked, in milliseconds. */
  readonly everyMs: number;
  /** There are no others: it is looked only when an alarm is due, to take it away. */
  readonly isAlone: boolean;
  /** Is it this process's to begin this run, and is there room for it? */
  isWanted(id: string, state: RunState): boolean;
  takeUp(id: string, state: RunState): void;
  /** Tells the runs that are at work here what others have done to them. */
  refresh(): Promise<void>;
}

/** Whoever has set an alarm hears it first: the others come so much later, in milliseconds. */
const GRACE_MS = 500;
/** However often there is news, there is so much time between two looks, in milliseconds. */
const LEAST_PAUSE_MS = 200;
const PAGE = 200;
/** How many pages are looked through at a time. */
const MAX_PAGES = 10;

/**
 * Looks now and then, and sooner where the store tells of news, for what other processes have done to the runs at work here, and for
 * runs whose alarm has gone off with nobody there to hear it. Takes away alarms that are out of date.
 */
export class LookOut {
  readonly #ports: LookOutPorts;
  #isOpen = false;
  #isLooking = false;
  /** Has something come while it looked? */
  #isNews = false;
  #isFailing = false;
  #isArmed = false;
  #lookedAt = 0;
  /** When the first alarm is due that was not due yet. */
  #nextAlarmAt: number | null = null;
  /** Where the next look begins; undefined: with the alarm that is due first. */
  #after: string | undefined;
  #giveUp: () => void = () => undefined;

  constructor(ports: LookOutPorts) {
    this.#ports = ports;
  }

  open(): void {
    this.#isOpen = true;
    this.#arm(0);
  }

  close(): void {
    this.#isOpen = false;
    this.#giveUp();
  }

  /** There may be an alarm now where there was none. */
  expectAlarm(): void {
    if (this.#isLooking) this.#isNews = true;
    else if (!this.#isArmed) this.#arm(this.#ports.everyMs);
  }

  /** There may be something new. */
  hear(): void {
    if (this.#isLooking) this.#isNews = true;
    else this.#arm(LEAST_PAUSE_MS);
  }

  #arm(pauseMs: number): void {
    if (!this.#isOpen) return;
    this.#giveUp();
    this.#isArmed = true;
    this.#giveUp = this.#ports.timer(this.#lookedAt + pauseMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#isArmed = false;
    this.#isLooking = true;
    this.#isNews = false;
    try {
      await this.#ports.refresh();
      await this.#hearAlarms();
      this.#isFailing = false;
    } catch (error) {
      // Once for each time that the store is unavailable.
      if (!this.#isFailing && this.#isOpen) this.#ports.observe({ event: "workflow_look_failed", error });
      this.#isFailing = true;
    }
    this.#isLooking = false;
    this.#lookedAt = this.#ports.clock();
    const pauseMs = this.#chooseNext();
    if (pauseMs !== null) this.#arm(pauseMs);
  }

  /** How long it is until the next look; null: until there is an alarm. */
  #chooseNext(): number | null {
    const { everyMs, isAlone } = this.#ports;
    if (this.#isNews) return LEAST_PAUSE_MS;
    if (!isAlone || this.#isFailing || this.#after !== undefined) return everyMs;
    return this.#nextAlarmAt === null ? null : Math.max(everyMs, this.#nextAlarmAt + GRACE_MS - this.#lookedAt);
  }

  async #hearAlarms(): Promise<void> {
    const { store, clock } = this.#ports;
    const until = clock() - GRACE_MS;
    for (let pages = 0; pages < MAX_PAGES && this.#isOpen; pages++) {
      const page: RecordPage = await store.list(ALARMS, { limit: PAGE, passing: true, ...(this.#after === undefined ? {} : { after: this.#after }) });
      const due = page.records.filter(({ id }) => toAlarm(id).at <= until);
      const isLast = page.next === null || due.length < page.records.length;
      this.#after = isLast ? undefined : (page.next ?? undefined);
      const later = page.records[due.length];
      this.#nextAlarmAt = later === undefined ? null : toAlarm(later.id).at;
      if (due.length > 0) await this.#hear(due);
      if (isLast) return;
    }
  }

  async #hear(alarms: readonly StoredRecord[]): Promise<void> {
    const { store, isWanted, takeUp } = this.#ports;
    const ids = alarms.map(({ id }) => toAlarm(id).runId);
    const states = (await store.read(RUNS, ids)).map((record) => toRunState(record?.value));
    const outOfDate = alarms.filter(({ id }, at) => !isOf(id, ids[at], states[at]));
    await this.#takeAway(outOfDate);
    alarms.forEach((alarm, at) => {
      const [id, state] = [ids[at], states[at]];
      if (id !== undefined && state !== undefined && !outOfDate.includes(alarm) && isWanted(id, state)) takeUp(id, state);
    });
  }

  /** Others may be at the same: whoever comes first has done it. */
  async #takeAway(alarms: readonly StoredRecord[]): Promise<void> {
    const deletes: readonly Change[] = alarms.map(({ collection, id, version }) => ({ kind: "delete", collection, id, basedOn: version }));
    if (deletes.length > 0) await this.#ports.store.commit(deletes);
  }
}

/** Is it the alarm that the run has? */
function isOf(alarmId: string, runId: string | undefined, state: RunState | undefined): boolean {
  return runId !== undefined && state !== undefined && !isEnd(state.status) && alarmIdOf(runId, state) === alarmId;
}
