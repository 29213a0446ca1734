import type { Outcome } from "../execution/outcome.ts";
import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { SubjectReference, TrailEntry } from "../ports.ts";
import type { SubjectChange } from "./subject-changes.ts";

/** What an entry tells of. Nothing of it may change any more. */
export interface EntryOf {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly retentionSeconds: number;
  readonly requestId: string | undefined;
  readonly identity: Pick<Identity, "kind" | "id" | "name" | "issuer">;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly params: JsonObject | null;
  readonly outcome: Outcome | StepDone;
  readonly changes: readonly SubjectChange[];
}

/** What a step of a workflow came to. */
export interface StepDone {
  readonly kind: "step";
  readonly workflow_id: string;
  readonly step: string;
}

/** An entry of the trail. It is made with every commit and mostly not looked at, so what readers are shown is made when they are. */
export class Entry implements TrailEntry {
  readonly at: number;
  readonly expiresAt: number;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly identity: string;
  readonly #requestId: string | undefined;
  readonly #who: EntryOf["identity"];
  readonly #params: JsonObject | null;
  readonly #outcome: Outcome | StepDone;
  readonly #changes: readonly SubjectChange[];

  constructor(of: EntryOf) {
    this.at = of.at;
    this.expiresAt = of.at + of.retentionSeconds * 1000;
    this.action = of.action;
    this.subject = of.subject;
    this.identity = of.identity.id;
    this.#requestId = of.requestId;
    this.#who = of.identity;
    this.#params = of.params;
    this.#outcome = of.outcome;
    this.#changes = of.changes;
  }

  get value(): JsonObject {
    const { kind, id, name, issuer } = this.#who;
    return {
      when: new Date(this.at).toISOString(),
      request_id: this.#requestId ?? null,
      identity: { kind, id, name, issuer },
      action: this.action,
      subject: this.subject === null ? null : { class: this.subject.class, id: this.subject.id },
      params: this.#params,
      outcome: showOutcome(this.#outcome),
      changes: this.#changes,
    };
  }
}

function showOutcome(outcome: Outcome | StepDone): JsonObject {
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
    case "refused":
    case "failed":
      return { success: false, message: outcome.message, ...(outcome.code === undefined ? {} : { code: outcome.code }) };
  }
}
