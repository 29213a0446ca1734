import { ABSENT, FrozenPut } from "../../domain/ports.ts";
import type { Change, PageRequest } from "../../domain/ports.ts";
import { freezeJson } from "./frozen-json.ts";

/** Up to here comparing each with each is cheaper than filling a set. */
const FEW = 12;

/**
 * The changes of a commit with values that nobody can change any more. A TypeError when a record is
 * named twice, a value is not JSON or `expiresAt` is not a time.
 */
export function prepareChanges(changes: readonly Change[]): readonly Change[] {
  refuseRepeats(changes);
  return changes.every(isPrepared) ? changes : changes.map(prepareChange);
}

/** Is there nothing that somebody else could still change, or that is no JSON? */
function isPrepared(change: Change): boolean {
  return change.kind !== "put" || change instanceof FrozenPut;
}

function prepareChange(change: Change): Change {
  if (change.kind !== "put" || change instanceof FrozenPut) return change;
  if (change.expiresAt !== undefined && !Number.isFinite(change.expiresAt)) {
    throw new TypeError(`expiresAt of ${nameOf(change)} must be epoch milliseconds, or absent`);
  }
  const value = freezeJson(change.value);
  return value === change.value ? change : { ...change, value };
}

function refuseRepeats(changes: readonly Change[]): void {
  if (changes.length > FEW) return void idsByCollection(changes);
  for (let later = 1; later < changes.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const [one, two] = [changes[earlier], changes[later]];
      if (one !== undefined && two !== undefined && one.id === two.id && one.collection === two.collection) refuseRepeat(two);
    }
  }
}

/** Which records the changes name. A TypeError when one is named twice. */
export function idsByCollection(changes: readonly Change[]): ReadonlyMap<string, ReadonlySet<string>> {
  const seen = new Map<string, Set<string>>();
  for (const change of changes) {
    const ids = seen.get(change.collection) ?? new Set();
    if (ids.has(change.id)) refuseRepeat(change);
    seen.set(change.collection, ids.add(change.id));
  }
  return seen;
}

function refuseRepeat(change: Change): never {
  throw new TypeError(`a commit names ${nameOf(change)} twice; merge the changes into one`);
}

function nameOf(change: Change): string {
  return `${change.collection} ${JSON.stringify(change.id)}`;
}

/** A TypeError when a page asks for less than one. */
export function refuseBadPage(page: Pick<PageRequest, "limit">): void {
  if (!Number.isInteger(page.limit) || page.limit < 1) throw new TypeError("the limit of a page must be an integer, 1 or more");
}

/** Does a commit of these leave everything as it is? Then it takes no version. */
export function changeNothing(changes: readonly Change[]): boolean {
  return changes.every(({ kind, basedOn }) => kind === "check" || (kind === "delete" && basedOn === ABSENT));
}
