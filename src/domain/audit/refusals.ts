import { identityKey, type Identity } from "../identity.ts";
import type { Observe } from "../ports.ts";

/** What an entry says of whoever acted. */
type Actor = Pick<Identity, "kind" | "id" | "name" | "issuer">;

/** Refused calls of one identity that the trail does not list. Times in epoch milliseconds. */
export interface Unlisted {
  readonly identity: Actor;
  readonly count: number;
  /** When the first and when the last of them was refused. */
  readonly since: number;
  readonly until: number;
}

/** An hour of one identity, from its first refusal on. */
interface Hour {
  readonly identity: Actor;
  readonly from: number;
  listed: number;
  unlisted: number;
  since: number;
  until: number;
}

const HOUR_MS = 3_600_000;

/** Of more identities at once the oldest hours are closed early. */
const MAX_IDENTITIES = 10_000;

/**
 * Lets so many refused calls of each identity into the trail within an hour, and counts those beyond, so that nobody
 * fills the trail with what he may not do. A call that is tried again, because what it read was changed, counts again.
 */
export class Refusals {
  /** How long a refusal that is listed stays. */
  readonly retentionSeconds: number;
  readonly #maxPerHour: number;
  readonly #observe: Observe;
  readonly #hours = new Map<string, Hour>();
  #over: Unlisted[] = [];
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(retentionSeconds: number, maxPerHour: number, observe: Observe) {
    this.retentionSeconds = retentionSeconds;
    this.#maxPerHour = maxPerHour;
    this.#observe = observe;
  }

  /** Is one more to be listed? If not it is counted. */
  admit(identity: Actor, at: number): boolean {
    const key = identityKey(identity);
    const hour = this.#hourOf(key, identity, at);
    if (hour.listed < this.#maxPerHour) {
      hour.listed++;
      return true;
    }
    if (hour.unlisted++ === 0) this.#noteFirst(hour, key, at);
    hour.until = at;
    return false;
  }

  #hourOf(key: string, identity: Actor, at: number): Hour {
    const known = this.#hours.get(key);
    if (known !== undefined && !isOver(known, at)) return known;
    if (known !== undefined) this.#close(key, known);
    const { kind, id, name, issuer } = identity;
    const begun = { identity: { kind, id, name, issuer }, from: at, listed: 0, unlisted: 0, since: at, until: at };
    this.#hours.set(key, begun);
    if (this.#hours.size > MAX_IDENTITIES) this.#closeOldest();
    return begun;
  }

  #closeOldest(): void {
    const oldest = this.#hours.entries().next();
    if (oldest.done === false) this.#close(...oldest.value);
  }

  #noteFirst(hour: Hour, key: string, at: number): void {
    hour.since = at;
    this.#dueAt = Math.min(this.#dueAt, hour.from + HOUR_MS);
    this.#observe({ event: "refusal_budget_spent", identity: key, max: this.#maxPerHour });
  }

  #close(key: string, { identity, unlisted: count, since, until }: Hour): void {
    this.#hours.delete(key);
    if (count === 0) return;
    this.#over.push({ identity, count, since, until });
    this.#dueAt = Number.NEGATIVE_INFINITY;
  }

  /** Has an hour ended of which something is to be told? */
  isDue(now: number): boolean {
    return now >= this.#dueAt;
  }

  /** What was counted in the hours that have ended; each is told once. */
  takeDue(now: number): readonly Unlisted[] {
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const [key, hour] of this.#hours) if (isOver(hour, now)) this.#close(key, hour);
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const { unlisted, from } of this.#hours.values()) if (unlisted > 0) this.#dueAt = Math.min(this.#dueAt, from + HOUR_MS);
    const taken = this.#over;
    this.#over = [];
    return taken;
  }
}

/** The clock may go back. */
function isOver({ from }: Hour, now: number): boolean {
  return Math.abs(now - from) >= HOUR_MS;
}
