import type { HeaderIndex } from "../../http/headers.ts";

/** The two cookies of the pages. */
export interface Cookies {
  /** The secret of this browser, if it has one: what its pages and answers are bound to. */
  readBrowser(headers: HeaderIndex): string | undefined;
  /** The secret of the session in which a user is signed in. */
  readSession(headers: HeaderIndex): string | undefined;
  /** Set-Cookie values. */
  setBrowser(secret: string): string;
  setSession(secret: string): string;
  clearSession(): string;
}

const SECRET = /^[A-Za-z0-9]{43}$/;

/** With https the names have the prefix that ties them to this very host; plain http is for loopback alone, where browsers refuse it. */
export function createCookies(secure: boolean): Cookies {
  const prefix = secure ? "__Host-" : "";
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  const browser = `${prefix}actionport-browser`;
  const session = `${prefix}actionport-session`;
  return {
    readBrowser: (headers) => readCookie(headers, browser),
    readSession: (headers) => readCookie(headers, session),
    setBrowser: (secret) => `${browser}=${secret}${attributes}`,
    setSession: (secret) => `${session}=${secret}${attributes}`,
    clearSession: () => `${session}=${attributes}; Max-Age=0`,
  };
}

function readCookie(headers: HeaderIndex, name: string): string | undefined {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [key, value] = pair.trim().split("=");
    if (key === name && value !== undefined && SECRET.test(value)) return value;
  }
  return undefined;
}
