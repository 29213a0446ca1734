import { html } from "../html.ts";
import type { Markup } from "../html.ts";
import type { ENGLISH } from "./english.ts";

/** The sentences of the sign-in and consent pages in one language; the names in braces are filled in. docs/sign-in-pages.md lists them. */
export type PageTexts = { readonly [Key in keyof typeof ENGLISH]: string };

/** The name of a sentence. */
export type TextKey = keyof PageTexts;

/** The names in braces of a sentence. */
type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;

/** What a sentence is filled with: exactly the names that stand in it in English. */
export type TextValues<Key extends TextKey> = { readonly [Name in Placeholder<(typeof ENGLISH)[Key]>]: string | Markup };

const PLACEHOLDER = /\{(\w+)\}/;

/** A sentence with its names filled in; text is escaped, markup is not. */
export function fill<Key extends TextKey>(texts: PageTexts, key: Key, values: TextValues<Key>): Markup {
  const given: Readonly<Record<string, string | Markup>> = values;
  const parts = texts[key].split(PLACEHOLDER);
  return html`${parts.map((part, at) => html`${at % 2 === 0 ? part : (given[part] ?? null)}`)}`;
}

/** The names in braces of a sentence, each once, in alphabetical order. */
export function placeholdersOf(text: string): readonly string[] {
  return [...new Set(text.split(PLACEHOLDER).filter((_, at) => at % 2 === 1))].sort();
}
