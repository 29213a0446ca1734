import { CallerGone } from "../../errors.ts";
import { failed, type Failed } from "../../execution/answer/outcome.ts";
import { Timed, type DeadlineList } from "../../execution/time/deadlines.ts";
import type { AbortSignalLike } from "../../ports.ts";

/** So many calls of one identity wait; more are refused at once, or they would take the places of others where calls are received. */
const MAX_WAITING_PER_IDENTITY = 128;

const NO_PLACE = failed("unavailable", "More subjects of bulk calls are under way than there is room for. Try again later.");
const TOO_MANY = failed("too_many_requests", "Too many bulk calls of this identity wait for their turn. Wait for the answers of some.");

/**
 * How many subjects of bulk calls are under way at once in this process: what is known of each stays in memory until its call is
 * answered. Calls beyond wait, first come first served, but one identity has no more than half of the places.
 */
export class BulkPlaces {
  readonly #max: number;
  /** Null: one waits forever. */
  readonly #deadlines: DeadlineList | null;
  readonly #ofIdentity = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(max: number, deadlines: DeadlineList | null) {
    this.#max = max;
    this.#deadlines = deadlines;
  }

  /**
   * Takes a place for each subject of a call, or as many as its identity can have; waits where need be. Null: they are the caller's, who gives them back by
   * {@link BulkPlaces.leave} with the same. Else why there are none. Rejects when the caller has gone.
   */
  async take(identityKey: string, subjects: number, caller: AbortSignalLike | undefined): Promise<Failed | null> {
    const asked = { identityKey, places: Math.min(subjects, this.#share) };
    if (this.#waiting.size === 0 && this.#fits(asked)) {
      this.#count(asked, 1);
      return null;
    }
    let waiting = 0;
    for (const other of this.#waiting) if (other.identityKey === identityKey) waiting++;
    if (waiting >= MAX_WAITING_PER_IDENTITY) return TOO_MANY;
    return new Promise<Failed | null>((resolve, reject) => {
      const one = new Waiting(asked, resolve, reject, (gone) => this.#waiting.delete(gone), this.#deadlines, caller);
      this.#waiting.add(one);
      one.begin();
      this.#admit();
    });
  }

  leave(identityKey: string, subjects: number): void {
    this.#count({ identityKey, places: Math.min(subjects, this.#share) }, -1);
    this.#admit();
  }

  get #share(): number {
    return Math.ceil(this.#max / 2);
  }

  #fits({ identityKey, places }: Asked): boolean {
    return this.#hasShare({ identityKey, places }) && this.#taken + places <= this.#max;
  }

  #hasShare({ identityKey, places }: Asked): boolean {
    return (this.#ofIdentity.get(identityKey) ?? 0) + places <= this.#share;
  }

  #count({ identityKey, places }: Asked, times: 1 | -1): void {
    this.#taken += times * places;
    const left = (this.#ofIdentity.get(identityKey) ?? 0) + times * places;
    if (left === 0) this.#ofIdentity.delete(identityKey);
    else this.#ofIdentity.set(identityKey, left);
  }

  /** Whoever has no share left is passed over; nobody passes who waits for room. */
  #admit(): void {
    for (const one of this.#waiting) {
      if (!this.#hasShare(one)) continue;
      if (!this.#fits(one)) return;
      this.#count(one, 1);
      one.end(null);
    }
  }
}

/** What a call needs. */
interface Asked {
  readonly identityKey: string;
  readonly places: number;
}

/** A call that waits. */
class Waiting extends Timed implements Asked {
  readonly identityKey: string;
  readonly places: number;
  readonly #resolve: (refused: Failed | null) => void;
  readonly #reject: (error: Error) => void;
  readonly #left: (waiting: Waiting) => void;
  readonly #deadlines: DeadlineList | null;
  readonly #caller: AbortSignalLike | undefined;

  constructor({ identityKey, places }: Asked, resolve: (refused: Failed | null) => void, reject: (error: Error) => void, left: (waiting: Waiting) => void, deadlines: DeadlineList | null, caller: AbortSignalLike | undefined) {
    super();
    this.identityKey = identityKey;
    this.places = places;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#left = left;
    this.#deadlines = deadlines;
    this.#caller = caller;
  }

  begin(): void {
    this.#deadlines?.enter(this);
    this.#caller?.addEventListener("abort", this.#onCallerGone);
    if (this.#caller?.aborted === true) this.#onCallerGone();
  }

  /** Null: it has its places. */
  end(refused: Failed | null): void {
    this.#deadlines?.leave(this);
    this.#leave();
    this.#resolve(refused);
  }

  override expire(): void {
    this.#leave();
    this.#resolve(NO_PLACE);
  }

  readonly #onCallerGone = (): void => {
    this.#deadlines?.leave(this);
    this.#leave();
    this.#reject(new CallerGone());
  };

  #leave(): void {
    this.#caller?.removeEventListener("abort", this.#onCallerGone);
    this.#left(this);
  }
}
