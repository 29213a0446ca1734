import { CommitTooLarge } from "../../../domain/errors.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { toStoredText } from "../stored-text.ts";

/** As much as the file store takes, so that each takes what the other has. */
const MAX_COMMIT_BYTES = 64 * 1024 * 1024;

/** An index takes keys of about 2,700 bytes; a collection and an ID together may have less. */
const MAX_KEY_BYTES = 2_500;

/** A commit as a text, but for its ID and the time. */
export interface EncodedCommit {
  readonly text: string;
  /** The changes in the order in which the text has them: that of collection and ID. */
  readonly changes: readonly Change[];
}

interface StoredChange {
  readonly change: Change;
  readonly collection: string;
  readonly id: string;
}

/** So many changes and entries are encoded before others have a turn: some milliseconds. */
const AT_ONCE = 512;

/**
 * What `commit` in the schema takes: `[heads, body, body, …]`. Heads are texts: the numbers of changes, of entries and of changes that are based on
 * absence, five for each change, six for each entry. Bodies are the values of puts and entries, which PostgreSQL keeps as
 * the text that they are here: it never looks into them. The values must be such that nobody changes them any more.
 */
export function encodeCommit(changes: readonly Change[], entries: readonly TrailEntry[]): EncodedCommit | Promise<EncodedCommit> {
  const draft = new Draft(changes, entries);
  return changes.length + entries.length <= AT_ONCE ? draft.add(AT_ONCE).finish() : encodeInPieces(draft);
}

async function encodeInPieces(draft: Draft): Promise<EncodedCommit> {
  while (!draft.add(AT_ONCE).isWhole) await new Promise<void>((resolve) => setImmediate(resolve));
  return draft.finish();
}

/** A commit of which a part is encoded. */
class Draft {
  readonly #changes: readonly StoredChange[];
  readonly #entries: readonly TrailEntry[];
  readonly #heads: string[];
  readonly #bodies: string[] = [];
  #added = 0;

  constructor(changes: readonly Change[], entries: readonly TrailEntry[]) {
    this.#changes = sortChanges(changes);
    this.#entries = entries;
    const absent = changes.reduce((count, { basedOn }) => (basedOn === ABSENT ? count + 1 : count), 0);
    this.#heads = [String(changes.length), String(entries.length), String(absent)];
  }

  get isWhole(): boolean {
    return this.#added >= this.#changes.length + this.#entries.length;
  }

  /** So many more of them. */
  add(count: number): this {
    for (const end = this.#added + count; this.#added < end && !this.isWhole; this.#added++) {
      const stored = this.#changes[this.#added];
      const entry = this.#entries[this.#added - this.#changes.length];
      if (stored !== undefined) addChange(this.#heads, this.#bodies, stored);
      else if (entry !== undefined) addEntry(this.#heads, this.#bodies, entry);
    }
    return this;
  }

  finish(): EncodedCommit {
    const text = `${[JSON.stringify(this.#heads).slice(1), ...this.#bodies].join(",")}]`;
    refuseTooLarge(text);
    return { text, changes: this.#changes.map(({ change }) => change) };
  }
}

/** The argument of one try to commit. */
export function toArgument({ text }: EncodedCommit, commitId: string, now: number): string {
  return `[["${commitId}","${now}",${text}`;
}

function sortChanges(changes: readonly Change[]): readonly StoredChange[] {
  const stored = changes.map((change) => ({ change, collection: toStoredText(change.collection), id: toStoredText(change.id) }));
  return stored.length < 2 ? stored : stored.sort((a, b) => compare(a.collection, b.collection) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addChange(heads: string[], bodies: string[], { change, collection, id }: StoredChange): void {
  refuseLongKey(collection, id);
  if (change.kind === "put") {
    heads.push("put", collection, id, String(change.basedOn), change.expiresAt === undefined ? "" : String(change.expiresAt));
    bodies.push(JSON.stringify(change.value));
  } else heads.push(change.kind, collection, id, String(change.basedOn), "");
}

function addEntry(heads: string[], bodies: string[], { at, expiresAt, action, subject, identity, value }: TrailEntry): void {
  const [subjectClass, subjectId] = subject === null ? ["", ""] : [`=${toStoredText(subject.class)}`, toStoredText(subject.id)];
  heads.push(String(at), String(expiresAt), toStoredText(action), subjectClass, subjectId, toStoredText(identity));
  bodies.push(JSON.stringify(value));
}

/** A key that is too long never got into the store, so reading it finds nothing. */
export function isTooLongKey(collection: string, id: string): boolean {
  return collection.length + id.length > MAX_KEY_BYTES / 3 && keyBytes(collection, id) > MAX_KEY_BYTES;
}

function refuseLongKey(collection: string, id: string): void {
  if (isTooLongKey(collection, id)) throw new CommitTooLarge(keyBytes(collection, id), MAX_KEY_BYTES);
}

function keyBytes(collection: string, id: string): number {
  return Buffer.byteLength(collection) + Buffer.byteLength(id);
}

function refuseTooLarge(text: string): void {
  if (text.length <= MAX_COMMIT_BYTES / 3) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_COMMIT_BYTES) throw new CommitTooLarge(bytes, MAX_COMMIT_BYTES);
}
