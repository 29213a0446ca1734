import { toJsonObject, type JsonObject } from "../../json.ts";
import type { PendingCommit } from "../../workflow/port.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Why a handler cannot change anything any more. */
export type Closed = "the handler had returned; await everything inside it" | "the time of the handler was over";

/** A unit of work as one handler changes it: from when the handler has returned, or its time is over, a change is refused. */
export class HandlerUnit implements PendingCommit {
  readonly unit: UnitOfWork;
  /** What the handler was given, where that is frozen JSON. */
  readonly #params: JsonObject | undefined;
  #closed: Closed | null = null;

  constructor(unit: UnitOfWork, params?: JsonObject) {
    this.unit = unit;
    this.#params = params;
  }

  /** From here on nothing can be changed. What was said first stays. */
  close(why: Closed = "the handler had returned; await everything inside it"): void {
    this.#closed ??= why;
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
    if (this.#closed !== null) throw new TypeError(`${collection} ${id} was changed after ${this.#closed}`);
  }
}
