import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { IdKind, SubjectId } from "./subject-id.ts";
import type { ListForeign, ReadForeign } from "./subject-source.ts";

/** What every subject's record has. */
export interface SubjectRecord<Id extends SubjectId = SubjectId> {
  readonly id: Id;
}

/** A class of subjects that actions act on. The record type and the names of the public fields are in its type. */
export interface SubjectClass<R extends SubjectRecord = SubjectRecord, F extends string = string> {
  /** Only in the type. */
  readonly "~public"?: F;
  readonly class: string;
  readonly label: string;
  readonly param: string;
  readonly id: IdKind;
  readonly fields: readonly string[] | null;
  /** JSON Schema of each public field; `{}` where the field was only named. Empty when all fields are public. */
  readonly fieldSchemas: Readonly<Record<string, JsonObject>>;
  readonly source: ReadForeign | null;
  /** Null for subjects in the store, and for a source that can only be asked by ID. */
  readonly list: ListForeign | null;
  /** May this identity look subjects of this class up? Null: nobody may. */
  readonly read: ((context: { readonly identity: Identity }) => boolean) | null;
  title(record: R): string;
  visible(context: { readonly identity: Identity; readonly record: R }): boolean;
}

const MADE_HERE = new WeakSet<object>();

/** Makes it one that {@link isSubjectClass} knows. Only defineSubject() does. */
export function noteSubjectClass<S extends SubjectClass>(subject: S): S {
  MADE_HERE.add(subject);
  return subject;
}

/** Was it made by defineSubject()? */
export function isSubjectClass(value: unknown): value is SubjectClass {
  return typeof value === "object" && value !== null && MADE_HERE.has(value);
}

/** What to ask oneself about what is no class here, in the words of an error. */
export function whyStrange(value: unknown): string {
  const isCopied = typeof value === "object" && value !== null && "class" in value && typeof value.class === "string" && "title" in value;
  return isCopied ? "was it copied, or are there two copies of actionport? npm ls actionport" : "is the import circular?";
}

/** The record type of a subject class; undefined where there is no class. */
export type RecordOf<S> = S extends SubjectClass<infer R, infer _F> ? R : undefined;

type Flatten<T> = { readonly [K in keyof T]: T[K] };

/** A record with these public fields as clients see it; of a union, each of its members. */
export type Shown<R extends SubjectRecord, F extends string> = R extends unknown ? Flatten<{ readonly id: R["id"]; readonly title: string } & Pick<R, Exclude<keyof R & F, "id" | "title">>> : never;

/** {@link Shown} by its class. */
export type ShownOf<S> = S extends SubjectClass<infer R, infer F> ? Shown<R, F> : never;
