import { kindOf } from "../../../../domain/check-option.ts";
import { ENGLISH } from "./texts/english.ts";
import { GERMAN } from "./texts/german.ts";
import { placeholdersOf } from "./texts/page-texts.ts";
import type { PageTexts } from "./texts/page-texts.ts";

/** How the pages for people look and speak. Wrong options are a TypeError that names the option and the remedy. */
export interface PagesOptions {
  /**
   * The language of the pages, as a language tag such as `de` or `pt-BR`. Of several, the browser's Accept-Language chooses, and the
   * first stands where it asks for none of them. English and German (`en`, `de`, also with a region) need no `texts`. Default `en`.
   */
  readonly lang?: string | readonly string[];
  /** Sentences by language: for English and German those that are to be others, for any other language every one. Default: ours. */
  readonly texts?: Readonly<Record<string, Partial<PageTexts>>>;
  /** What permissions mean, by language, where that is another one than that of `scopes`. Default: `scopes` in all languages. */
  readonly scopes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where people find help, linked below every page: an https URL or a mailto address. Default: no link. */
  readonly support?: string;
}

const KNOWN: ReadonlySet<string> = new Set(["lang", "texts", "scopes", "support"] satisfies readonly (keyof PagesOptions)[]);

/** The dictionaries that come along, by the language's main tag. */
const DICTIONARIES: ReadonlyMap<string, PageTexts> = new Map([
  ["en", ENGLISH],
  ["de", GERMAN],
]);

/** The languages of the pages in their usual spelling; the first is the one for everybody else. */
export function readLanguages(options: PagesOptions): readonly [string, ...string[]] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) throw new TypeError(`pages must be an object of options, not ${kindOf(options)}`);
  const { lang = "en" } = options;
  const [first, ...more] = (typeof lang === "object" ? lang : [lang]).map(readLanguage);
  if (first === undefined) throw new TypeError("pages.lang is an empty list: name one language at least, such as \"en\"");
  const languages = [first, ...more] as const;
  const twice = more.find((language, at) => languages.indexOf(language) <= at);
  if (twice !== undefined) throw new TypeError(`pages.lang: ${twice} stands there twice; name each language once`);
  return languages;
}

/** Whether nothing stands in the options that would be overlooked. */
export function checkPagesOptions(options: PagesOptions, languages: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw new TypeError(`pages.${unknown}: there is no such option; there are ${[...KNOWN].join(", ")}`);
  for (const option of ["texts", "scopes"] as const) {
    const other = Object.keys(options[option] ?? {}).find((language) => !languages.includes(readLanguage(language)));
    if (other !== undefined) throw new TypeError(`pages.${option}.${other}: add ${JSON.stringify(other)} to pages.lang, which has ${languages.join(", ")}`);
  }
}

/** All sentences in one language: ours, and over them the application's. */
export function readTexts({ texts = {} }: PagesOptions, language: string): PageTexts {
  const ours = DICTIONARIES.get(new Intl.Locale(language).language);
  const own = findByLanguage(texts, language);
  for (const [key, text] of Object.entries(own)) checkText(`pages.texts.${language}`, key, text);
  const all: Partial<PageTexts> = { ...ours, ...own };
  if (isComplete(all)) return all;
  const missing = Object.keys(ENGLISH).filter((key) => !Object.hasOwn(all, key));
  throw new TypeError(`pages.texts.${language} must have every sentence, since only English and German come along; missing: ${missing.join(", ")}`);
}

/** What permissions mean in one language. */
export function readScopes({ scopes = {} }: PagesOptions, language: string, meanings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...meanings, ...findByLanguage(scopes, language) };
}

/** The link to help, as a browser spells it. */
export function readSupport({ support }: PagesOptions): string | null {
  if (support === undefined) return null;
  const url = URL.canParse(support) ? new URL(support) : undefined;
  const isAddress = url?.protocol === "mailto:" && /^[^@\s]+@[^@\s]+$/.test(url.pathname);
  const isPage = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (url !== undefined && (isAddress || isPage)) return url.href;
  throw new TypeError(`pages.support: ${JSON.stringify(support)} must be an https URL or a mailto address, such as "mailto:help@example.com"`);
}

function readLanguage(language: string): string {
  try {
    const [canonical] = Intl.getCanonicalLocales(String(language));
    if (canonical !== undefined) return canonical;
  } catch {
    // A RangeError that names neither the option nor the remedy.
  }
  throw new TypeError(`pages.lang: ${JSON.stringify(language)} is no language tag; give one such as "en", "de" or "pt-BR"`);
}

function findByLanguage<T extends object>(values: Readonly<Record<string, T>>, language: string): T | Record<string, never> {
  const [, found] = Object.entries(values).find(([name]) => readLanguage(name) === language) ?? [];
  return found ?? {};
}

function checkText(option: string, key: string, text: unknown): void {
  if (!isTextKey(key)) throw new TypeError(`${option}.${key}: there is no such sentence; there are ${Object.keys(ENGLISH).join(", ")}`);
  if (typeof text !== "string" || text.trim() === "") throw new TypeError(`${option}.${key} must be a sentence; leave it out to have ours`);
  const [wanted, there] = [placeholdersOf(ENGLISH[key]), placeholdersOf(text)];
  if (wanted.join() === there.join()) return;
  const names = wanted.length === 0 ? "no names in braces" : wanted.map((name) => `{${name}}`).join(" and ");
  throw new TypeError(`${option}.${key} must have ${names}, as in ${JSON.stringify(ENGLISH[key])}`);
}

function isTextKey(key: string): key is keyof PageTexts {
  return Object.hasOwn(ENGLISH, key);
}

function isComplete(texts: Partial<PageTexts>): texts is PageTexts {
  return Object.keys(ENGLISH).every((key) => Object.hasOwn(texts, key));
}
