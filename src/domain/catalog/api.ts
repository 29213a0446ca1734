import type { Action } from "./action.ts";
import type { Catalog } from "./catalog.ts";

/**
 * What can be called, for clients: by the key of an action its `id` (null when it takes none), `params` as a caller sends them, `result` (the body of a success without
 * `success`) and `errors` (those it declares, told apart by `code`). Nothing of how it is done is in it: `export type Api = ApiOf<typeof catalog>`.
 */
export type ApiOf<C extends Catalog> = C extends Catalog<infer A> ? ApiOfActions<A> : never;

type ApiOfActions<A extends Action> = { readonly [One in A as One["key"]]: NonNullable<One["~types"]> };
