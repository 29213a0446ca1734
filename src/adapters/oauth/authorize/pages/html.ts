/** Text that is HTML already. Only {@link html} makes it, so whatever else is put into a page is escaped. */
export interface Markup {
  readonly markup: string;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"], ["'", "&#39;"]]);

/** A template whose values are escaped, but for markup and lists of it; null and false are left out. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | null | false | Markup | readonly Markup[])[]): Markup {
  return { markup: strings.reduce((text, part, index) => text + toMarkup(values[index - 1] ?? null) + part) };
}

function toMarkup(value: string | number | null | false | Markup | readonly Markup[]): string {
  if (value === null || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return String(value).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? "");
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}
