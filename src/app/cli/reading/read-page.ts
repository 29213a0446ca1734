import type { Listing } from "../../../adapters/client/index.ts";
import { misused } from "../fault.ts";
import type { Input, Option } from "../language/grammar.ts";
import type { Session } from "../session.ts";

/** Of every list that can grow. */
export const PAGE_OPTIONS: readonly Option[] = [
  { name: "limit", value: "COUNT", help: "How many, 1 to 200. Default: 50." },
  { name: "after", value: "ID", help: "Those behind this one." },
  { name: "all", help: "All of them, however many." },
];

/** Which page was asked for. */
export interface PageWanted {
  readonly limit: number | undefined;
  readonly after: string | undefined;
}

/** What was found; `next` is null when there is no more. */
export interface FoundPage<T> {
  readonly data: readonly T[];
  readonly next: string | null;
}

/** A page, or everything. */
export async function readPage<T>(input: Input, list: (page: PageWanted) => Listing<T>): Promise<FoundPage<T>> {
  const page = { limit: readLimit(input), after: input.text("after") };
  if (input.flag("all")) {
    const found: T[] = [];
    for await (const each of list({ ...page, limit: page.limit ?? 200 })) found.push(each);
    return { data: found, next: null };
  }
  return list(page);
}

/** Says, beside the answer, how to get at what comes behind a page. */
export function tellOfMore({ screen }: Session, { next }: FoundPage<unknown>): void {
  if (next !== null) screen.say(screen.sideStyle.dim(`There is more: --after ${next}, or --all.`));
}

/** The number behind `--limit`, if there is one. */
export function readLimit(input: Input): number | undefined {
  const text = input.text("limit");
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 200) return Number(text);
  throw misused(`--limit must be a whole number from 1 to 200, not ${JSON.stringify(text)}.`);
}
