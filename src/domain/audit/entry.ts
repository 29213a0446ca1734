import type { Outcome } from "../execution/answer/outcome.ts";
import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { SubjectReference, TrailEntry } from "../ports.ts";
import { showChanges, type ChangedSubject } from "./subject-changes.ts";

/** What an entry tells of. Nothing of it may change any more. */
export interface EntryOf {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly retentionSeconds: number;
  readonly requestId: string | undefined;
  readonly via: string | undefined;
  readonly traceparent: string | undefined;
  readonly identity: Pick<Identity, "kind" | "id" | "name" | "issuer" | "clientId">;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly params: JsonObject | null;
  /** A success that has nothing but its message is that. */
  readonly outcome: string | Outcome | StepDone | NotListed;
  readonly changes: ChangedSubject | null;
}

/** What a step of a workflow came to. */
export interface StepDone {
  readonly kind: "step";
  readonly workflow_id: string;
  readonly step: string;
}

/** How many refused calls have no entry of their own, and when the first and the last were refused, in epoch milliseconds. */
export interface NotListed {
  readonly kind: "unlisted";
  readonly count: number;
  readonly since: number;
  readonly until: number;
}

/** An entry of the trail. It is made with every commit and mostly not looked at, so what readers are shown is made when they are. */
export class Entry implements TrailEntry {
  readonly at: number;
  readonly expiresAt: number;
  readonly action: string;
  readonly #class: string | null;
  readonly #id: string;
  readonly #requestId: string | undefined;
  readonly #via: string | undefined;
  readonly #traceparent: string | undefined;
  readonly #identity: EntryOf["identity"];
  readonly #params: JsonObject | null;
  readonly #outcome: EntryOf["outcome"];
  readonly #changes: ChangedSubject | null;

  constructor(of: EntryOf) {
    this.at = of.at;
    this.expiresAt = of.at + of.retentionSeconds * 1000;
    this.action = of.action;
    this.#class = of.subject === null ? null : of.subject.class;
    this.#id = of.subject === null ? "" : of.subject.id;
    this.#requestId = of.requestId;
    this.#via = of.via;
    this.#traceparent = of.traceparent;
    this.#identity = of.identity;
    this.#params = of.params;
    this.#outcome = of.outcome;
    this.#changes = of.changes;
  }

  get subject(): SubjectReference | null {
    return this.#class === null ? null : { class: this.#class, id: this.#id };
  }

  get identity(): string {
    return this.#identity.id;
  }

  get value(): JsonObject {
    const { kind, id, name, issuer, clientId } = this.#identity;
    return {
      when: new Date(this.at).toISOString(),
      request_id: this.#requestId ?? null,
      ...(this.#via === undefined ? {} : { via: this.#via }),
      ...(this.#traceparent === undefined ? {} : { traceparent: this.#traceparent }),
      identity: { kind, id, name, issuer },
      ...(clientId === undefined ? {} : { client_id: clientId }),
      action: this.action,
      subject: this.#class === null ? null : { class: this.#class, id: this.#id },
      params: this.#params,
      outcome: showOutcome(this.#outcome),
      changes: showChanges(this.#changes),
    };
  }
}

function showOutcome(outcome: EntryOf["outcome"]): JsonObject {
  if (typeof outcome === "string") return { success: true, message: outcome };
  switch (outcome.kind) {
    case "data":
    case "message":
      return { success: true, message: outcome.message };
    case "workflow":
      return { success: true, workflow_id: outcome.workflow_id };
    case "step":
      return { success: true, workflow_id: outcome.workflow_id, step: outcome.step };
    case "nothing":
      return { success: true };
    case "unlisted":
      return showUnlisted(outcome);
    case "refused":
    case "failed":
      return { success: false, message: outcome.message, ...(outcome.code === undefined ? {} : { code: outcome.code }) };
  }
}

function showUnlisted({ count, since, until }: NotListed): JsonObject {
  const times = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
  const calls = count === 1 ? "1 more call was" : `${count} more calls were`;
  return { success: false, message: `${calls} refused from ${times.since} to ${times.until} and not listed.`, count, ...times };
}
