import { checkPagesOptions, readLanguages, readScopes, readSupport, readTexts } from "./pages-options.ts";
import type { PagesOptions } from "./pages-options.ts";
import type { PageTexts } from "./texts/page-texts.ts";

/** The pages in one language. */
export interface View {
  /** The heading: what people call the application. */
  readonly name: string;
  /** A language tag. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  readonly texts: PageTexts;
  /** What permissions mean, in a person's words. */
  readonly meanings: Readonly<Record<string, string>>;
  /** The URL of the link to help. */
  readonly support: string | null;
}

/** The options that the views are made of. */
export interface ViewsOptions {
  readonly name: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly pages: PagesOptions;
}

/** Languages that are written from right to left, by their main tag. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);

/** One view for each language; the first is the one for everybody else. Throws a TypeError that names a wrong option. */
export function createViews({ name, scopes, pages }: ViewsOptions): readonly [View, ...View[]] {
  const languages = readLanguages(pages);
  checkPagesOptions(pages, languages);
  const support = readSupport(pages);
  const toView = (lang: string): View => ({
    name,
    lang,
    dir: RIGHT_TO_LEFT.has(new Intl.Locale(lang).language) ? "rtl" : "ltr",
    texts: readTexts(pages, lang),
    meanings: readScopes(pages, lang, scopes),
    support,
  });
  const [first, ...more] = languages;
  return [toView(first), ...more.map(toView)];
}

/** A wait as people say it: whole minutes, one at least, with the unit in this language. */
export function formatWait({ lang }: View, seconds: number): string {
  return new Intl.NumberFormat(lang, { style: "unit", unit: "minute", unitDisplay: "long" }).format(Math.max(1, Math.ceil(seconds / 60)));
}
