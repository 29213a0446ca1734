import type { SubjectClass } from "../catalog/subject.ts";

/** A reference that waits for its record. */
export interface PendingReference {
  readonly subject: SubjectClass;
  /** Canonical. */
  readonly id: string | number;
  /** Dotted: `lines.0.product`. */
  readonly path: string;
  /** Puts the record into its place in the value. When all are there the value is frozen. */
  resolve(record: unknown): void;
}

/** Finds the references inside a value that was taken and stands at this path; `put` replaces the value. */
export type FindReferences = (taken: unknown, path: string, put: (record: unknown) => void, found: PendingReferences) => void;

/** For values that wait for none. */
export const NO_REFERENCES: readonly PendingReference[] = Object.freeze([]);

/** The references inside one value, and what must be frozen when the last of them has its record. */
export class PendingReferences {
  readonly #pending: PendingReference[] = [];
  readonly #open: object[] = [];
  #unresolved = 0;

  /** This container is frozen when all records are there. */
  freezeLater(container: object): void {
    this.#open.push(container);
  }

  add(subject: SubjectClass, id: string | number, path: string, put: (record: unknown) => void): void {
    let pending = true;
    this.#unresolved++;
    const resolve = (record: unknown): void => {
      if (!pending) return;
      pending = false;
      put(record);
      if (--this.#unresolved === 0) this.#freeze();
    };
    this.#pending.push({ subject, id, path, resolve });
  }

  /** All of them, now that none is to come. When there are none the value is frozen at once. */
  finish(): readonly PendingReference[] {
    if (this.#pending.length > 0) return this.#pending;
    this.#freeze();
    return NO_REFERENCES;
  }

  #freeze(): void {
    for (const container of this.#open) Object.freeze(container);
  }
}
