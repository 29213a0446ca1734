import type { ListQuery, Page } from "../api.ts";
import type { CallOptions } from "../options.ts";
import type { Sender } from "../sending/sender.ts";
import { queryOf } from "./path.ts";

/** A list that can grow: awaited it is one page, iterated it is everything from there on. Nothing is asked before. */
export class Listing<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #page: (query: ListQuery) => Promise<Page<T>>;
  readonly #query: ListQuery;

  constructor(sender: Sender, path: string, query: ListQuery = {}, options: CallOptions = {}) {
    this.#page = async (asked) => (await sender.ask<Page<T>>({ path: path + queryOf(asked), repeatable: true }, options)).body;
    this.#query = query;
  }

  then<A = Page<T>, B = never>(onPage?: ((page: Page<T>) => A | PromiseLike<A>) | null, onFailure?: ((failure: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    return this.#page(this.#query).then(onPage, onFailure);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (let after: string | null | undefined = this.#query.after; after !== null; ) {
      const page: Page<T> = await this.#page({ ...this.#query, after });
      yield* page.data;
      after = page.next;
    }
  }
}
