/** Who is to be told when a run changes. */
export class Watchers {
  readonly #byRun = new Map<string, Set<() => void>>();

  /** Answers how to stop being told. */
  add(id: string, changed: () => void): () => void {
    const own = this.#byRun.get(id) ?? new Set();
    this.#byRun.set(id, own.add(changed));
    return () => {
      own.delete(changed);
      if (own.size === 0 && this.#byRun.get(id) === own) this.#byRun.delete(id);
    };
  }

  tellAll(): void {
    for (const id of [...this.#byRun.keys()]) this.tell(id);
  }

  tell(id: string): void {
    for (const changed of [...(this.#byRun.get(id) ?? [])]) tellSafely(changed);
  }
}

function tellSafely(changed: () => void): void {
  try {
    changed();
  } catch {
    // Whoever only looks on may not disturb the run, nor the others.
  }
}
