import { isLoopbackHost } from "../loopback.ts";

const MAX_LENGTH = 2000;
const PLAIN = /^[\x21-\x7e]+$/;
/** RFC 8252 section 7.1: a private scheme has a dot, since it is a domain name in reverse. */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:\/{0,2}[^/]/;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(|[/?].*)$/;

/** May it be registered (RFC 9700 section 2.6)? Absolute, normal, without fragment; nothing a browser would run or read from disk. */
export function isRegistrableRedirectUri(uri: string): boolean {
  if (!PLAIN.test(uri) || uri.length > MAX_LENGTH || /[#\\"<>]/.test(uri) || !URL.canParse(uri)) return false;
  const url = new URL(uri);
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:" || url.protocol === "http:") return isNormal(uri, url) && (url.protocol === "https:" || isLoopbackHost(url.hostname));
  return PRIVATE_SCHEME.test(uri);
}

/**
 * Is this one of the registered ones? The texts must be equal; only the port of a loopback address is
 * free (RFC 8252 section 7.3), since a program on the user's machine takes whichever it gets.
 */
export function isRegisteredRedirectUri(asked: string, registered: readonly string[]): boolean {
  return registered.some((uri) => uri === asked || isSameLoopback(uri, asked));
}

/** Does it lead to the user's own machine, where any program may be listening? */
export function isLoopbackRedirectUri(uri: string): boolean {
  return LOOPBACK.test(uri);
}

function isSameLoopback(registered: string, asked: string): boolean {
  const [, host, , rest] = LOOPBACK.exec(registered) ?? [];
  const [, askedHost, askedPort, askedRest] = PLAIN.test(asked) && asked.length <= MAX_LENGTH && !asked.includes("#") ? (LOOPBACK.exec(asked) ?? []) : [];
  const port = askedPort === undefined || (Number(askedPort) >= 1 && Number(askedPort) <= 65_535);
  return host !== undefined && host === askedHost && rest === askedRest && port;
}

/** Is it spelt as a browser would spell it, so that no two readers see two places? */
function isNormal(uri: string, url: URL): boolean {
  return url.href === uri || url.href === uri.replace(/^(https?:\/\/[^/?]+)(\?|$)/, "$1/$2");
}
