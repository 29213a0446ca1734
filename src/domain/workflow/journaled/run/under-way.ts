/** What a run has under way outside of its code: steps, and commits of its own. */
export class UnderWay {
  readonly #changed: () => void;
  readonly #all = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /** `changed` is told whenever something has ended. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  begin(work: () => Promise<void>): void {
    const fail = (error: unknown) => void (this.#failure ??= { error });
    const ended = work().catch(fail).then(() => {
      this.#all.delete(ended);
      this.#changed();
    });
    this.#all.add(ended);
  }

  get isIdle(): boolean {
    return this.#all.size === 0;
  }

  /** What was thrown by the first that failed. */
  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  /** Settles when nothing is under way. */
  async ended(): Promise<void> {
    await Promise.all(this.#all);
  }
}
