import { randomBytes } from "node:crypto";
import { isPromiseLike } from "../../../domain/maybe-promise.ts";
import type { Change, Clock, CommitResult, TrailEntry } from "../../../domain/ports.ts";
import { encodeCommit, toArgument, type EncodedCommit } from "./encode-commit.ts";
import { fateOf, toStoreError } from "../failures.ts";
import { PostgresStoreError } from "../postgres-store-error.ts";

/** Calls a function of the schema that answers one text. */
export type CallFunction = (name: "commit" | "outcome", ...values: string[]) => Promise<string>;

/** Options of {@link Commits}. */
export interface CommitsPorts {
  readonly call: CallFunction;
  readonly clock: Clock;
  /** Settles after so long. */
  readonly pause: (ms: number) => Promise<void>;
  /** For so long a lost answer is asked for. */
  readonly lookUpMs: number;
}

/** How often a commit that PostgreSQL has undone for the sake of another, or that certainly never came to be, is sent again. */
const MAX_TRIES = 5;
/** Between two questions for a lost answer. */
const LOOK_UP_EVERY_MS = 250;

/** Commits, each with an ID of its own under which its outcome is found when the answer gets lost. */
export class Commits {
  readonly #ports: CommitsPorts;
  /** The highest number of an entry that is known of: what comes later has a higher one. */
  #number: string;
  /** The version of the latest commit of this process. */
  #version = 0;

  constructor(ports: CommitsPorts, lastNumber = "0") {
    this.#ports = ports;
    this.#number = lastNumber;
  }

  /** Tells that there is an entry with this number. */
  know(number: string): void {
    if (Number(number) > Number(this.#number)) this.#number = number;
  }

  async commit(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<CommitResult> {
    if (changes.length === 0 && entries.length === 0) return { committed: true, version: this.#version };
    const encoding = encodeCommit(changes, entries);
    const encoded = isPromiseLike(encoding) ? await encoding : encoding;
    const answer = await this.#send(encoded);
    return this.#toResult(answer, changes, encoded);
  }

  async #send(encoded: EncodedCommit): Promise<string> {
    for (let tries = 1; ; tries++) {
      const id = newCommitId();
      const since = this.#number;
      try {
        return await this.#ports.call("commit", toArgument(encoded, id, this.#ports.clock()));
      } catch (error) {
        const fate = fateOf(error);
        if (fate === "undone") throw toStoreError(error);
        const found = fate === "lost" ? await this.#lookUp(id, since, error) : "refused";
        if (found !== "refused") return found;
        if (tries === MAX_TRIES) throw toStoreError(error);
      }
    }
  }

  /** What became of a commit. When it is not found it is marked, so that it does not happen either if it comes late. */
  async #lookUp(id: string, since: string, cause: unknown): Promise<string> {
    const until = performance.now() + this.#ports.lookUpMs;
    for (;;) {
      try {
        return await this.#ports.call("outcome", id, since);
      } catch (error) {
        if (fateOf(error) === "undone" || performance.now() >= until) throw unknownOutcome(cause);
      }
      await this.#ports.pause(LOOK_UP_EVERY_MS);
    }
  }

  #toResult(answer: string, changes: readonly Change[], { changes: sorted }: EncodedCommit): CommitResult {
    const [word, first = "", number = "0"] = answer.split(" ");
    if (word === "conflicts") return { committed: false, conflicts: toConflicts(first, changes, sorted) };
    if (word !== "committed") throw new PostgresStoreError("failed", `The function commit in the schema has answered "${word}".`);
    this.know(number);
    this.#version = Math.max(this.#version, Number(first));
    return { committed: true, version: Number(first) };
  }
}

function unknownOutcome(cause: unknown): PostgresStoreError {
  return new PostgresStoreError("outcome_unknown", "The connection was lost while a commit was under way, and PostgreSQL could not be asked what became of it.", { cause });
}

/** In the order in which the changes were given. */
function toConflicts(positions: string, changes: readonly Change[], sorted: readonly Change[]): readonly { readonly collection: string; readonly id: string }[] {
  const found = new Set(positions.split(",").map((position) => sorted[Number(position)]));
  return changes.filter((change) => found.has(change)).map(({ collection, id }) => ({ collection, id }));
}

/** 64 bits by chance, as PostgreSQL writes a bigint. */
function newCommitId(): string {
  return randomBytes(8).readBigInt64BE().toString();
}
