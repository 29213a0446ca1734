/** A media type that was understood whole (RFC 9110 section 8.3.1). */
export interface MediaType {
  /** `type/subtype`, lower-case. */
  readonly essence: string;
  /** By lower-case name; a quoted value stands here without its quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What nearly every request says, word for word. */
const PLAIN_JSON: MediaType = { essence: "application/json", parameters: new Map() };

const ESSENCE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?=[ \t;]|$)/;
const PARAMETER =
  /[ \t]*;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*)")(?=[ \t;]|$)/y;

/**
 * Reads a Content-Type, or answers undefined when any of it is malformed: a lenient reader sees
 * another type than the next one does, and attacks live in that gap. Stricter than the grammar in
 * two places: an empty parameter (`application/json;`) and one that comes twice are malformed.
 */
export function parseMediaType(value: string): MediaType | undefined {
  if (value === "application/json") return PLAIN_JSON;
  const essence = ESSENCE.exec(value)?.[0];
  if (essence === undefined) return undefined;
  const parameters = parseParameters(value, essence.length);
  return parameters && { essence: essence.toLowerCase(), parameters };
}

/** Is it JSON that is read as UTF-8: exactly `application/json`, its charset absent or `utf-8`? */
export function isJson(mediaType: MediaType): boolean {
  if (mediaType === PLAIN_JSON) return true;
  return mediaType.essence === "application/json" && (mediaType.parameters.get("charset") ?? "utf-8").toLowerCase() === "utf-8";
}

function parseParameters(value: string, start: number): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  let at = start;
  while (at < value.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(value);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined || parameters.has(name)) return undefined;
    parameters.set(name, match[2] ?? (match[3] ?? "").replace(/\\(.)/g, "$1"));
    at += match[0].length;
  }
  return parameters;
}
