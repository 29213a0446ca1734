/** A run that can go on. */
export interface ReadyRun {
  readonly id: string;
  /** The workflow's name. */
  readonly name: string;
  /** Names the identity that started it. */
  readonly startedBy: string;
}

interface Lane {
  /** Where at most so many are at work. */
  readonly limit: number;
  active: number;
  /** Those that wait, by the identity that started them; the one that is next stands first. */
  readonly waiting: Map<string, ReadyRun[]>;
}

/**
 * Lets so many runs of a workflow go on at once, the identities in turn: however many runs one has started, the next
 * of another waits for one of them at most.
 */
export class RunQueue {
  readonly #lanes = new Map<string, Lane>();
  readonly #limitOf: (name: string) => number;
  readonly #go: (run: ReadyRun) => void;

  constructor(limitOf: (name: string) => number, go: (run: ReadyRun) => void) {
    this.#limitOf = limitOf;
    this.#go = go;
  }

  /** To be added once, until it is let go on. */
  add(run: ReadyRun): void {
    const { waiting } = this.#laneOf(run.name);
    const own = waiting.get(run.startedBy);
    if (own === undefined) waiting.set(run.startedBy, [run]);
    else own.push(run);
    this.#advance(run.name);
  }

  /** Would another of this name be let go on at once? */
  hasRoom(name: string): boolean {
    const { active, limit, waiting } = this.#laneOf(name);
    return active < limit && waiting.size === 0;
  }

  /** One of this name has stopped working. */
  release(name: string): void {
    this.#laneOf(name).active--;
    this.#advance(name);
  }

  /** Nobody is let go on any more. */
  clear(): void {
    for (const { waiting } of this.#lanes.values()) waiting.clear();
  }

  #advance(name: string): void {
    const lane = this.#laneOf(name);
    while (lane.active < lane.limit) {
      const next = this.#takeNext(lane);
      if (next === undefined) return;
      lane.active++;
      this.#go(next);
    }
  }

  /** Whoever was served goes to the end of the line. */
  #takeNext({ waiting }: Lane): ReadyRun | undefined {
    for (const [startedBy, runs] of waiting) {
      const next = runs.shift();
      waiting.delete(startedBy);
      if (runs.length > 0) waiting.set(startedBy, runs);
      return next;
    }
    return undefined;
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = { limit: this.#limitOf(name), active: 0, waiting: new Map() };
    this.#lanes.set(name, lane);
    return lane;
  }
}
