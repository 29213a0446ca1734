/** A run that can go on. */
export interface ReadyRun {
  readonly id: string;
  /** The workflow's name. */
  readonly name: string;
  /** Names whoever started it. */
  readonly starter: string;
}

interface Lane {
  /** Where at most so many are at work. */
  readonly limit: number;
  active: number;
  /** Those that wait, by who started them; whoever comes next stands first. */
  readonly waiting: Map<string, ReadyRun[]>;
}

/**
 * Lets so many runs of a workflow go on at once, the identities in turn: however many runs one has started, the next
 * of another waits for one of them at most.
 */
export class RunQueue {
  readonly #lanes = new Map<string, Lane>();
  readonly #known = new Set<string>();
  readonly #limitOf: (name: string) => number;
  readonly #go: (run: ReadyRun) => void;

  constructor(limitOf: (name: string) => number, go: (run: ReadyRun) => void) {
    this.#limitOf = limitOf;
    this.#go = go;
  }

  /** Does it wait for its turn? */
  has(id: string): boolean {
    return this.#known.has(id);
  }

  add(run: ReadyRun): void {
    if (this.#known.has(run.id)) return;
    this.#known.add(run.id);
    const { waiting } = this.#lane(run.name);
    const own = waiting.get(run.starter);
    if (own === undefined) waiting.set(run.starter, [run]);
    else own.push(run);
    this.#advance(run.name);
  }

  /** One of this name has stopped working. */
  release(name: string): void {
    this.#lane(name).active--;
    this.#advance(name);
  }

  /** Nobody is let go on any more. */
  clear(): void {
    for (const { waiting } of this.#lanes.values()) waiting.clear();
    this.#known.clear();
  }

  #advance(name: string): void {
    const lane = this.#lane(name);
    while (lane.active < lane.limit) {
      const next = this.#takeNext(lane);
      if (next === undefined) return;
      lane.active++;
      this.#known.delete(next.id);
      this.#go(next);
    }
  }

  /** Whoever was served goes to the end of the line. */
  #takeNext({ waiting }: Lane): ReadyRun | undefined {
    for (const [starter, runs] of waiting) {
      const next = runs.shift();
      waiting.delete(starter);
      if (runs.length > 0) waiting.set(starter, runs);
      return next;
    }
    return undefined;
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = { limit: this.#limitOf(name), active: 0, waiting: new Map() };
    this.#lanes.set(name, lane);
    return lane;
  }
}
