/** version-traceid-parentid-flags, and from a later version perhaps more behind that. */
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);
/** The flags that level 2 knows: sampled, and random trace ID. */
const KNOWN_FLAGS = 0x03;

/**
 * A `traceparent` (W3C Trace Context, section 3.2) that came from somewhere, in the form of version 00; undefined when there is
 * none, or what came is not valid, which is then as if nothing had come.
 */
export function readTraceparent(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [, version, trace, span, flags = "00", more] = found;
  if (version === "ff" || trace === NO_TRACE || span === NO_SPAN) return undefined;
  if (version === "00") return more === undefined ? text : undefined;
  return `00-${trace}-${span}-${(Number.parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, "0")}`;
}
