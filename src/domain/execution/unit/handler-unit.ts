import { toJsonObject, type JsonObject } from "../../json.ts";
import type { PendingCommit } from "../../workflow/port.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** A unit of work as one handler changes it: from when the handler has returned, a change is refused. */
export class HandlerUnit implements PendingCommit {
  readonly unit: UnitOfWork;
  #isOpen = true;

  constructor(unit: UnitOfWork) {
    this.unit = unit;
  }

  /** The handler has returned. */
  close(): void {
    this.#isOpen = false;
  }

  /** Puts a value that is no one's yet: a frozen copy of it is kept. */
  put(collection: string, id: string, value: object, path = "value"): JsonObject {
    this.#refuseIfClosed(collection, id);
    return this.unit.put(collection, id, toJsonObject(value, path));
  }

  delete(collection: string, id: string): void {
    this.#refuseIfClosed(collection, id);
    this.unit.delete(collection, id);
  }

  onCommitted(tell: () => void): void {
    this.unit.onCommitted(tell);
  }

  #refuseIfClosed(collection: string, id: string): void {
    if (!this.#isOpen) throw new TypeError(`${collection} ${id} was changed after the handler had returned; await everything inside it`);
  }
}
