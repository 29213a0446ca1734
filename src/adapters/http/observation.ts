const MAX_LOGGED_CHARACTERS = 256;
const PRINTABLE = /^[!-~]*$/;

/** A client's own words, fit for a log: one line, printable ASCII, at most 256 characters. */
export function toLoggable(text: string): string {
  const short = text.length > MAX_LOGGED_CHARACTERS ? `${text.slice(0, MAX_LOGGED_CHARACTERS - 3)}...` : text;
  return PRINTABLE.test(short) ? short : short.replace(/[^!-~]/g, "?");
}
