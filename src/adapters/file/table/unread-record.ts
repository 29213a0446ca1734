import type { ValuePlace } from "./value-place.ts";

/** A record whose value is on the disk. */
export class UnreadRecord {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly expiresAt: number | undefined;
  readonly place: ValuePlace;

  constructor(collection: string, id: string, version: number, expiry: number, place: ValuePlace) {
    this.collection = collection;
    this.id = id;
    this.version = version;
    this.expiresAt = expiry === Number.POSITIVE_INFINITY ? undefined : expiry;
    this.place = place;
  }
}
