import type { CallTypes } from "./action.ts";
import type { Catalog, CatalogOptions } from "./catalog.ts";
import type { SubjectId } from "./subject-id.ts";

/**
 * What can be called, for clients: by the key of an action its `id` (null when it takes none), `params` as a caller sends them, `result` (the body of a success without
 * `success`) and `errors` (those it declares, told apart by `code`). Nothing of how it is done is in it: `export type Api = ApiOf<typeof catalog>`.
 */
export type ApiOf<C extends Catalog> = ApiOfOptions<NonNullable<C["~made-of"]>>;

// Every use of a key instantiates what this refers to: `O` is the type of one object literal, which costs nothing, where the union of all actions would cost as much as there are.
type ApiOfOptions<O extends CatalogOptions> = { readonly [One in O["actions"][number] as One["key"]]: TypesOf<One["~types"]> };

/** Of an action that nothing is known of, what any may have. */
type TypesOf<T> = unknown extends T ? UnknownTypes : NonNullable<T>;

type UnknownTypes = CallTypes<
  SubjectId | null,
  Readonly<Record<string, unknown>>,
  { readonly message?: string; readonly data?: Readonly<Record<string, unknown>>; readonly workflow_id?: string },
  { readonly code: string; readonly details?: unknown }
>;
