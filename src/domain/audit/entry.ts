import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { SubjectReference, TrailEntry } from "../ports.ts";
import type { SubjectChange } from "./subject-changes.ts";

/** What an entry tells of. */
export interface EntryOf {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly retentionSeconds: number;
  readonly requestId: string | undefined;
  readonly identity: Pick<Identity, "kind" | "id" | "name" | "issuer">;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly params: JsonObject | null;
  readonly outcome: JsonObject;
  readonly changes: readonly SubjectChange[];
}

/** An entry of the trail. It is made with every commit and mostly not looked at, so what readers are shown is made when they are. */
export class Entry implements TrailEntry {
  readonly at: number;
  readonly expiresAt: number;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly identity: string;
  readonly #requestId: string | null;
  readonly #who: JsonObject;
  readonly #params: JsonObject | null;
  readonly #outcome: JsonObject;
  readonly #changes: readonly SubjectChange[];

  constructor({ at, retentionSeconds, requestId, identity, action, subject, params, outcome, changes }: EntryOf) {
    this.at = at;
    this.expiresAt = at + retentionSeconds * 1000;
    this.action = action;
    this.subject = subject;
    this.identity = identity.id;
    this.#requestId = requestId ?? null;
    this.#who = { kind: identity.kind, id: identity.id, name: identity.name, issuer: identity.issuer };
    this.#params = params;
    this.#outcome = outcome;
    this.#changes = changes;
  }

  get value(): JsonObject {
    return {
      when: new Date(this.at).toISOString(),
      request_id: this.#requestId,
      identity: this.#who,
      action: this.action,
      subject: this.subject === null ? null : { class: this.subject.class, id: this.subject.id },
      params: this.#params,
      outcome: this.#outcome,
      changes: this.#changes,
    };
  }
}
