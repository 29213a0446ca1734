import { toJsonObject, type JsonObject } from "../../json.ts";
import type { PendingCommit } from "../../workflow/port.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** A unit of work as one handler changes it: from when the handler has returned, a change is refused. */
export class HandlerUnit implements PendingCommit {
  readonly unit: UnitOfWork;
  /** What the handler was given, where that is frozen JSON. */
  readonly #params: JsonObject | undefined;
  #isOpen = true;

  constructor(unit: UnitOfWork, params?: JsonObject) {
    this.unit = unit;
    this.#params = params;
  }

  /** The handler has returned. */
  close(): void {
    this.#isOpen = false;
  }

  /** Puts a value that is no one's yet: a frozen copy of it is kept, which shares what the record or the parameters had. */
  put(collection: string, id: string, value: object, path = "value"): JsonObject {
    this.#refuseIfClosed(collection, id);
    return this.unit.put(collection, id, toJsonObject(value, path, this.unit.known(collection, id), this.#params));
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
