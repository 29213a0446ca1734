/** Wakes whoever waits for something to happen. */
export class Bell {
  #hasRung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#hasRung = true;
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** From here on counts what happens: whoever silences it looks at everything afterwards. */
  silence(): void {
    this.#hasRung = false;
  }

  get hasRung(): boolean {
    return this.#hasRung;
  }

  /** Settles when it rings, at once when it has rung since it was silenced. */
  async rings(): Promise<void> {
    if (!this.#hasRung) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
