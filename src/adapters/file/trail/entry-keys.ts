import type { TrailEntry, TrailQuery } from "../../../domain/ports.ts";

/*
 * What the trail can be asked for, as numbers of 32 bits: entries that have them may match, others
 * cannot. They stand in files, so they must never change. Never 0, which stands for no subject.
 */

const ACTION = 0x811c9dc5;
const IDENTITY = 0x5bd1e995;
const SUBJECT = 0x27d4eb2f;

/** The keys of an entry. A subject is found by its ID, and by its class and ID. */
export interface EntryKeys {
  readonly action: number;
  readonly identity: number;
  readonly subjectId: number;
  readonly reference: number;
}

/** The keys that a question names; undefined where it lets all through. */
export interface QueryKeys {
  readonly action: number | undefined;
  readonly identity: number | undefined;
  readonly subject: number | undefined;
}

/** The keys of an entry. */
export function keysOf({ action, identity, subject }: Pick<TrailEntry, "action" | "identity" | "subject">): EntryKeys {
  return {
    action: finish(mix(ACTION, action)),
    identity: finish(mix(IDENTITY, identity)),
    subjectId: subject === null ? 0 : finish(mix(SUBJECT, subject.id)),
    reference: subject === null ? 0 : finish(mix(mix(mix(SUBJECT, subject.class), ":"), subject.id)),
  };
}

/** The keys of a question. */
export function keysAsked({ action, identity, subject }: Pick<TrailQuery, "action" | "identity" | "subject">): QueryKeys {
  return {
    action: action === undefined ? undefined : finish(mix(ACTION, action)),
    identity: identity === undefined ? undefined : finish(mix(IDENTITY, identity)),
    subject: subject === undefined ? undefined : finish(mix(SUBJECT, subject)),
  };
}

/** FNV-1a over UTF-16 code units. */
function mix(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Spreads similar texts over all 32 bits (the last steps of MurmurHash3). */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) || 1;
}
