/** Lets one wait until something has happened. */
export class Notifier {
  #isNotified = false;
  #wake: (() => void) | null = null;

  notify(): void {
    this.#isNotified = true;
    this.#wake?.();
  }

  /** Only what happens from here on counts: to be called before looking at everything. */
  reset(): void {
    this.#isNotified = false;
  }

  get isNotified(): boolean {
    return this.#isNotified;
  }

  /** Settles when something happens; at once, when it has since the last reset. */
  async notified(): Promise<void> {
    if (!this.#isNotified) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
